import { MeshError } from "@claudemesh/protocol";

/** A value that JSON can carry; `undefined` members are left out, as JSON does. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/**
 * Canonical JSON (RFC 8785): members sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript prints them.
 * Throws `malformed` on what has no canonical form: non-finite numbers, lone surrogates and what JSON cannot carry.
 */
export function jcs(value: JsonValue): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new MeshError("malformed", "a number is not finite");
    return JSON.stringify(value);
  }
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => jcs(item)).join(",")}]`;
  if (typeof value !== "object") {
    throw new MeshError("malformed", `a ${typeof value} has no JSON form`);
  }
  const object = value as { readonly [key: string]: JsonValue | undefined };
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) members.push(`${quote(key)}:${jcs(member)}`);
  }
  return `{${members.join(",")}}`;
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw new MeshError("malformed", "a text has a lone surrogate");
  return JSON.stringify(text);
}
