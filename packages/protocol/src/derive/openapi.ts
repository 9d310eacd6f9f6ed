import { z } from "zod";
import { ErrorBody } from "../error-body.ts";
import { commonCodes, type ErrorCode, errorTable } from "../errors.ts";
import { limits } from "../limits.ts";
import type { AnyOp, KeyRule } from "../op.ts";
import { ops, wireOpNames } from "../registry.ts";
import { type RestStream, restRoute, restStreams } from "../rest.ts";
import { KeyMessage } from "../shapes/api-key.ts";
import { PROTOCOL_VERSION } from "../version.ts";

type Json = Record<string, unknown>;

/** Every route under `/v1` as an OpenAPI 3.1 document: what the broker serves, and what is committed. */
export function openApi(): Json {
  const schemas: Json = {};
  const hoist = (schema: z.ZodType, io: "input" | "output") => {
    const {
      $defs,
      $schema: _dialect,
      ...own
    } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    for (const [name, one] of Object.entries($defs ?? {})) schemas[name] ??= moved(one);
    return moved(own) as Json;
  };
  schemas.Error = hoist(z.object({ error: ErrorBody }), "output");
  const paths: Record<string, Json> = {};
  const add = (path: string, method: string, operation: Json) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const name of wireOpNames) {
    const { method, path } = restRoute(ops[name]);
    add(path, method, operationOf(ops[name], hoist));
  }
  for (const stream of restStreams) add(stream.path, "GET", streamOf(stream, hoist));
  return {
    openapi: "3.1.0",
    info: {
      title: "claudemesh broker",
      version: String(PROTOCOL_VERSION),
      description:
        "Every operation of the broker. What an API key posts is plain: the broker can read it, and it is shown as unverified.",
    },
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "an API key, cm_…" },
      },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

type Hoist = (schema: z.ZodType, io: "input" | "output") => Json;

function operationOf(declared: AnyOp, hoist: Hoist): Json {
  const { method, params } = restRoute(declared);
  const input = hoist(declared.input, "input");
  const { fields, required } = withoutParams(input, params);
  const isQuery = method === "GET";
  return {
    operationId: declared.name,
    summary: declared.summary,
    description: who(declared.scope, declared.key),
    tags: [declared.name.split(".")[0]],
    security: declared.scope === "public" ? [] : [{ apiKey: [] }],
    ...(declared.key === undefined ? {} : { "x-capability": declared.key.needs }),
    parameters: [
      ...params.map((name) => pathParameter(name)),
      ...(isQuery ? queryParameters(fields, required) : []),
      ...(declared.kind === "command" && declared.key !== undefined ? [idempotencyHeader] : []),
    ],
    ...(isQuery
      ? {}
      : {
          requestBody: {
            required: required.length > 0,
            content: {
              "application/json": {
                schema: {
                  ...input,
                  properties: fields,
                  ...(required.length > 0 ? { required } : { required: undefined }),
                },
              },
            },
          },
        }),
    responses: {
      "200": {
        description: "done",
        content: { "application/json": { schema: hoist(declared.output, "output") } },
      },
      ...refusals([...commonCodes, ...declared.errors]),
    },
  };
}

function streamOf({ name, path, summary, key, query }: RestStream, hoist: Hoist): Json {
  const { properties = {} } = hoist(query, "input");
  const params = [...path.matchAll(/\{([a-z]+)\}/g)].map(([, param]) => param as string);
  return {
    operationId: name,
    summary,
    description: `${who("key", key)} A comment every 30 seconds keeps the line open; who reads too slowly is cut off and resumes.`,
    tags: [name.split(".")[0]],
    security: [{ apiKey: [] }],
    "x-capability": key.needs,
    parameters: [
      ...params.map((param) => pathParameter(param)),
      ...queryParameters(properties as Json, []),
      {
        name: "Last-Event-ID",
        in: "header",
        description: "the id of the last event that was received: what comes after it follows",
        schema: { type: "string" },
      },
    ],
    responses: {
      "200": {
        description: "server-sent events; the data of each is a message",
        content: { "text/event-stream": { schema: hoist(KeyMessage, "output") } },
      },
      ...refusals([...commonCodes, "cursor_invalid", "not_found"]),
    },
  };
}

function withoutParams(input: Json, params: readonly string[]) {
  const all = (input.properties ?? {}) as Json;
  const fields = Object.fromEntries(Object.entries(all).filter(([name]) => !params.includes(name)));
  const required = ((input.required ?? []) as string[]).filter((name) => !params.includes(name));
  return { fields, required };
}

const pathParameter = (name: string): Json => ({
  name,
  in: "path",
  required: true,
  description: name === "topic" ? "topic name or id" : name,
  schema: { type: "string", minLength: 1, maxLength: 100 },
});

const queryParameters = (fields: Json, required: readonly string[]): Json[] =>
  Object.entries(fields).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));

const idempotencyHeader: Json = {
  name: "Idempotency-Key",
  in: "header",
  description: "the same one again gives the first answer; with another request 409",
  schema: { type: "string", minLength: 1, maxLength: limits.idempotencyKey },
};

function who(scope: AnyOp["scope"], key: KeyRule | undefined): string {
  if (scope === "public") return "Anyone may ask.";
  if (key === undefined) return "No API key may: it takes a member's own device.";
  const reach = {
    any: "",
    topic: " for this topic",
    mesh: " and the whole mesh",
  };
  return `Takes an API key with the capability ${key.needs}${reach[key.reach]}.`;
}

/** Refusals by status, each with the codes that it may bear. */
function refusals(codes: readonly ErrorCode[]): Json {
  const byStatus = Map.groupBy([...new Set(codes)].sort(), (code) => errorTable[code].http);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, named]) => [
        String(status),
        {
          description: named.join(", "),
          content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
        },
      ]),
  );
}

/** References to shared shapes point to where OpenAPI keeps them. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      name === "$ref" && typeof one === "string"
        ? one.replace("#/$defs/", "#/components/schemas/")
        : moved(one),
    ]),
  );
}
