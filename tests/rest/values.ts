import fc from "fast-check";

// biome-ignore lint/suspicious/noExplicitAny: a JSON Schema is looked at as it comes
export type JsonSchema = any;

/** Something that a schema of the description takes; of two kinds the first. */
export function sampleOf(schema: JsonSchema, shared: Record<string, JsonSchema>): unknown {
  if (schema.$ref !== undefined) return sampleOf(shared[schema.$ref.split("/").at(-1)], shared);
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return sampleOf(either[0], shared);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name: string) => [
          name,
          sampleOf(schema.properties?.[name] ?? {}, shared),
        ]),
      );
    case "array":
      return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items, shared));
    case "integer":
    case "number":
      return Math.max(1, schema.minimum ?? 1);
    case "boolean":
      return true;
    case "string":
      return matching(schema);
    default:
      return "x";
  }
}

function matching({ pattern, minLength = 1 }: JsonSchema): string {
  if (pattern === undefined) return "x".repeat(Math.max(1, minLength));
  const [found] = fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 7 });
  return found ?? "x";
}

const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

/** Bodies that are no input of anything, as they cross the line. */
export const brokenBodies: readonly string[] = [
  "{",
  "null",
  "[]",
  '"text"',
  "1e999",
  "\u0000",
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{}}}',
  '{"to":"#general","to":"*","text":{"$gt":""}}',
  deep(5_000),
  `{"to":${deep(2_000)}}`,
];

/** Values that try something, for every field in turn. */
export const attempts: readonly unknown[] = [
  "'; DROP TABLE log; --",
  "../../../../etc/passwd",
  "<script>alert(1)</script>",
  "{{7*7}}%00%2e%2e",
  "\u0000\u202e\ud800",
  "#".repeat(300),
  "__proto__",
  "x".repeat(70_000),
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  true,
  null,
  [],
  { toString: "x", __proto__: null },
  ["x", 1, null],
];
