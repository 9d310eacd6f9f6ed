import type { EdgeOpName } from "@claudemesh/protocol";
import table from "../generated/verbs.json" with { type: "json" };
import { localVerbs } from "../local/index.ts";
import type { OperationVerb, Verb } from "./verb.ts";

/** Written from the declarations by `npm run gen`. */
const operationVerbs = table as unknown as readonly OperationVerb[];

/** The verb that an operation's declaration gives. Throws for an operation without one. */
export function verbOf(op: EdgeOpName): OperationVerb {
  const verb = operationVerbs.find(({ does }) => does.op === op);
  if (verb !== undefined) return verb;
  throw new Error(`${op} has no verb: run npm run gen`);
}

/** Every verb, sorted by its words. */
export const verbs: readonly Verb[] = [...operationVerbs, ...localVerbs].sort((a, b) =>
  a.words < b.words ? -1 : 1,
);

/**
 * Every spelling and its verb. The resource form comes first, then the flat aliases, then an alias behind its noun (`mesh new`),
 * each only where nothing earlier has that spelling.
 */
export const spellings: ReadonlyMap<string, Verb> = (() => {
  const map = new Map<string, Verb>();
  const put = (spelling: string, verb: Verb) => {
    if (!map.has(spelling)) map.set(spelling, verb);
  };
  for (const verb of verbs) put(verb.words, verb);
  for (const verb of verbs) for (const alias of verb.aliases) put(alias, verb);
  for (const verb of verbs) {
    const [noun, second] = verb.words.split(" ");
    if (second) for (const alias of verb.aliases) put(`${noun} ${alias}`, verb);
  }
  return map;
})();

/** The verbs of one noun, such as `mesh`; empty when it is none. */
export const verbsOfNoun = (noun: string): readonly Verb[] =>
  verbs.filter(({ words }) => words.startsWith(`${noun} `));
