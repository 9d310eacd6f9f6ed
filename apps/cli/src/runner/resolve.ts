import { MeshError, names } from "@claudemesh/protocol/light";
import { nearest } from "./distance.ts";
import { globalFields, shortFlags } from "./globals.ts";
import { shellWord } from "./shell-word.ts";
import { tokenize, type Word } from "./tokens.ts";
import type { Verb } from "./verb.ts";
import { spellings, verbOf, verbsOfNoun } from "./verbs.ts";

/** What a command line asks for, before its flags are read. */
export type Resolved =
  | { readonly kind: "verb"; readonly verb: Verb; readonly rest: readonly string[] }
  | { readonly kind: "noun"; readonly noun: string }
  | { readonly kind: "nothing" };

const inviteLink = /^(https?:\/\/\S+\/i\/inv_|ic:\/\/join\/|https?:\/\/\S+\/join\/)/i;

/** Finds the verb: two words before one, a pasted invite link is a join. Throws `malformed` on unknown words, naming the nearest. */
export function resolve(argv: readonly string[], call: string): Resolved {
  const { words } = tokenize(argv, globalFields);
  const [first, second] = words;
  if (asksForTemplates(words, argv)) {
    const rest = argv.filter((text) => text !== listTemplates);
    const verb = verbOf(names.mesh.templates);
    return { kind: "verb", verb, rest: without(rest, ...words) };
  }
  const launch = spellings.get("launch");
  if (launch && launches(launch, argv)) return { kind: "verb", verb: launch, rest: argv };
  if (!first) return { kind: "nothing" };
  if (inviteLink.test(first.text)) {
    return { kind: "verb", verb: verbOf(names.invite.claim), rest: argv };
  }
  const pair = second && spellings.get(`${first.text} ${second.text}`);
  if (pair) return { kind: "verb", verb: pair, rest: without(argv, first, second) };
  const single = spellings.get(first.text);
  if (single) return { kind: "verb", verb: single, rest: without(argv, first) };
  const family = verbsOfNoun(first.text);
  if (family.length > 0 && !second) return { kind: "noun", noun: first.text };
  throw unknownVerb(first, family.length > 0 ? second : undefined, argv, call);
}

const listTemplates = "--list-templates";

/** `new --list-templates` makes nothing: it is another spelling of `mesh templates`. */
function asksForTemplates(words: readonly Word[], argv: readonly string[]): boolean {
  const typed = words.map(({ text }) => text).join(" ");
  return argv.includes(listTemplates) && /^(mesh )?(create|new)$/.test(typed);
}

/** A line that begins with a flag of `launch` and of no other is one: `claudemesh --resume X`. */
function launches(launch: Verb, [first = ""]: readonly string[]): boolean {
  const typed = /^--([^=]+)/.exec(first)?.[1] ?? shortFlags[/^-(\w)$/.exec(first)?.[1] ?? ""];
  const isGlobal = globalFields.some(({ flag }) => flag === typed);
  return !isGlobal && launch.fields.some(({ flag }) => flag === typed);
}

const without = (argv: readonly string[], ...words: readonly Word[]): readonly string[] =>
  argv.filter((_, index) => !words.some((word) => word.index === index));

function unknownVerb(
  first: Word,
  second: Word | undefined,
  argv: readonly string[],
  call: string,
): MeshError {
  const typed = second ? `${first.text} ${second.text}` : first.text;
  const known = second
    ? verbsOfNoun(first.text).map(({ words }) => words)
    : [...spellings.keys()].filter((spelling) => !spelling.includes(" "));
  const near = nearest(typed, known);
  if (!near) {
    const next = second ? `help ${first.text}` : "help advanced";
    return new MeshError("malformed", `there is no verb "${typed}"`, {
      hint: `${call} ${next} lists what there is`,
    });
  }
  const rest = without(argv, first, ...(second ? [second] : []));
  return new MeshError("malformed", `there is no verb "${typed}"`, {
    hint: `did you mean: ${[call, near, ...rest.map(shellWord)].join(" ")}`,
  });
}
