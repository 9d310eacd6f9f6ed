import type { Field } from "./field.ts";
import { shellWord } from "./shell-word.ts";
import { shownAs, type Verb } from "./verb.ts";

/** Values that read well in examples, by field name; any other shows its kind or its own name. */
const samples: Readonly<Record<string, string>> = {
  alias: "boss",
  broker: "http://127.0.0.1:7900",
  capabilities: "dm",
  code: "2K7F-9QXM",
  data: "./broker",
  device: "laptop",
  "display-name": "alice",
  emoji: "👍",
  expires: "12h",
  file: "./team.json",
  folder: "./copy",
  group: "flex/core",
  groups: "core",
  host: "0.0.0.0",
  id: "3f2a91bc",
  invite: "https://mesh.example/i/inv_…#…",
  member: "bob",
  mesh: "home",
  name: "alice",
  path: "./report.pdf",
  peer: "bob",
  port: "7900",
  "public-url": "https://mesh.example",
  role: "member",
  text: "The build is green",
  to: "bob",
  uses: "3",
  verb: "send",
  wait: "30s",
};

/** What a thing of a noun is called in examples, where it is no person. */
const names: Readonly<Record<string, string>> = {
  apikey: "ci",
  mesh: "home",
  topic: "deploys",
};

/** By kind, where the field's own name says less. */
const kinds: Partial<Record<Field["kind"], string>> = { boolean: "true", duration: "10m" };

const sample = (field: Field, verb?: Verb): string =>
  (field.flag === "name" ? names[verb?.words.split(" ")[0] ?? ""] : undefined) ??
  samples[field.flag] ??
  kinds[field.kind] ??
  (field.kind === "number" ? String(field.default ?? 1) : (field.choices?.[0] ?? field.flag));

/** `--uses 3` */
export const fieldExample = (field: Field): string =>
  field.kind === "boolean" ? `--${field.flag}` : `--${field.flag} ${shellWord(sample(field))}`;

/** A whole command that would be accepted: the declaration's own, or one made of sample values. */
export function usageExample(verb: Verb, call: string): string {
  if (verb.example !== undefined) return `${call} ${shownAs(verb)} ${verb.example}`;
  const words = verb.args.flatMap(({ field }) => {
    const spec = verb.fields.find(({ name }) => name === field);
    if (spec === undefined) return [];
    const value = sample(spec, verb);
    return [value.includes(" ") ? `"${value}"` : quoted(value)];
  });
  return [call, shownAs(verb), ...words].join(" ");
}

const quoted = (text: string): string => (/[#…]/.test(text) ? `'${text}'` : text);
