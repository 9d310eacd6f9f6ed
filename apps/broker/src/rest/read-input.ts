import type { IncomingMessage } from "node:http";
import { type AnyOp, MeshError, type RestStream } from "@claudemesh/protocol";
import { z } from "zod";
import { readBytes } from "./read-bytes.ts";

/** What a request gives for the fields of its schema, not yet parsed by it. */
export type RawInput = Readonly<Record<string, unknown>>;

type Types = Readonly<Record<string, { readonly type?: string }>>;

const known = new WeakMap<z.ZodType, Types>();

/** The JSON types of a schema's fields, by which the texts of a query string are read. */
function typesOf(schema: z.ZodType): Types {
  const there = known.get(schema);
  if (there !== undefined) return there;
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const types = (json.properties ?? {}) as Types;
  known.set(schema, types);
  return types;
}

/** The query string as fields. Throws `malformed` for a field that is given twice. */
export function readQuery(
  url: string,
  declared: { readonly input: AnyOp["input"] } | { readonly input: RestStream["query"] },
): RawInput {
  const types = typesOf(declared.input);
  const input: Record<string, unknown> = {};
  const at = url.indexOf("?");
  for (const [name, text] of new URLSearchParams(at < 0 ? "" : url.slice(at + 1))) {
    if (Object.hasOwn(input, name))
      throw new MeshError("malformed", "query: a field is given twice");
    Object.defineProperty(input, name, {
      value: typed(text, Object.hasOwn(types, name) ? types[name]?.type : undefined),
      enumerable: true,
    });
  }
  return input;
}

function typed(text: string, type: string | undefined): unknown {
  if ((type === "integer" || type === "number") && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && /^(true|false)$/.test(text)) return text === "true";
  if (type === "array") return text.split(",");
  return text;
}

/** The body as a JSON object; none is an empty one. Throws `malformed`, and `too_large` as soon as it is. */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<RawInput> {
  const body = await readBytes(request, mostBytes);
  if (body.length === 0) return {};
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new MeshError("malformed", "content-type: only application/json is taken", {
      detail: { reason: "media_type" },
    });
  }
  return asObject(body);
}

function asObject(body: Buffer): RawInput {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new MeshError("malformed", "body: not JSON in UTF-8");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as RawInput;
  }
  throw new MeshError("malformed", "body: expected a JSON object");
}
