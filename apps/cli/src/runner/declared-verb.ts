import { type AnyOp, type EdgeOpName, edgeOpNames, ops } from "@claudemesh/protocol";
import { edgeInputSchema, edgeOutputSchema } from "@claudemesh/protocol/derive";
import type { Accepted } from "./accepts.ts";
import { fieldsOf, kebab } from "./field.ts";
import type { OperationVerb } from "./verb.ts";

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** The verb of every operation that has one. `npm run gen` writes them to a table, so that a verb starts without the schemas. */
export const declaredVerbs = (): readonly OperationVerb[] =>
  edgeOpNames.filter((name) => (ops[name] as AnyOp).cli).map(declaredVerb);

function declaredVerb(op: EdgeOpName): OperationVerb {
  const declared: AnyOp = ops[op];
  const cli = declared.cli ?? {};
  const input = edgeInputSchema(declared);
  const output = (edgeOutputSchema(declared) as Shape).properties ?? {};
  return {
    words: kebab(declared.name.replace(".", " ")),
    aliases: cli.alias ?? [],
    summary: declared.summary,
    args: (cli.args ?? []).map((arg) => ({
      field: arg.replace("...", ""),
      rest: arg.endsWith("..."),
    })),
    fields: fieldsOf(input),
    errors: declared.errors,
    ...(cli.example === undefined ? {} : { example: cli.example }),
    ...(cli.primary === undefined ? {} : { primary: cli.primary }),
    ...(cli.failsAs === undefined ? {} : { failsAs: cli.failsAs }),
    ...(cli.live === undefined ? {} : { live: cli.live }),
    ...(cli.confirm === undefined ? {} : { confirm: cli.confirm }),
    ...(cli.here === undefined ? {} : { here: cli.here }),
    ...(cli.asks === undefined ? {} : { asks: cli.asks }),
    does: { op },
    accepts: withoutWords(input) as Accepted,
    prints: {
      own: Object.keys(output),
      items: Object.keys(output.items?.items?.properties ?? {}),
    },
  };
}

const wordy: ReadonlySet<string> = new Set(["$schema", "default", "description"]);

/** A JSON Schema without what is for readers. */
function withoutWords(schema: unknown, isMap = false): unknown {
  if (Array.isArray(schema)) return schema.map((one) => withoutWords(one));
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => isMap || !wordy.has(key))
      .map(([key, value]) => [key, withoutWords(value, key === "properties" && !isMap)]),
  );
}
