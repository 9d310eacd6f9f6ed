import { type AnyOp, type EdgeOpName, edgeOpNames, ops } from "@claudemesh/protocol";
import { edgeInputSchema } from "@claudemesh/protocol/derive";
import { localVerbs } from "../local/index.ts";
import { fieldsOf, kebab } from "./field.ts";
import type { Verb } from "./verb.ts";

/** The verb that an operation's declaration gives. */
export function verbOf(op: EdgeOpName): Verb {
  const declared: AnyOp = ops[op];
  const cli = declared.cli ?? {};
  return {
    words: kebab(declared.name.replace(".", " ")),
    aliases: cli.alias ?? [],
    summary: declared.summary,
    args: (cli.args ?? []).map((arg) => ({
      field: arg.replace("...", ""),
      rest: arg.endsWith("..."),
    })),
    fields: fieldsOf(edgeInputSchema(declared)),
    errors: declared.errors,
    ...(cli.primary === undefined ? {} : { primary: cli.primary }),
    ...(cli.failsAs === undefined ? {} : { failsAs: cli.failsAs }),
    ...(cli.confirm === undefined ? {} : { confirm: cli.confirm }),
    does: { op },
  };
}

/** Every verb, sorted by its words. */
export const verbs: readonly Verb[] = [
  ...edgeOpNames.filter((name) => (ops[name] as AnyOp).cli).map(verbOf),
  ...localVerbs,
].sort((a, b) => (a.words < b.words ? -1 : 1));

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
