import type { Field } from "./field.ts";
import { shellWord } from "./shell-word.ts";
import { shownAs, type Verb } from "./verb.ts";

/** Values that read well in examples, by field name; any other field shows its own name. */
const samples: Readonly<Record<string, string>> = {
  broker: "http://127.0.0.1:7900",
  data: "./broker",
  "display-name": "alice",
  expires: "12h",
  groups: "core",
  host: "0.0.0.0",
  id: "3f2a91bc",
  invite: "https://mesh.example/i/inv_…#…",
  mesh: "home",
  name: "alice",
  port: "7900",
  "public-url": "https://mesh.example",
  text: "The build is green",
  to: "bob",
  uses: "3",
  verb: "send",
  wait: "30s",
};

/** What a thing of a noun is called in examples, where it is no person. */
const names: Readonly<Record<string, string>> = { mesh: "home", topic: "deploys" };

const sample = (field: Field, verb?: Verb): string =>
  (field.flag === "name" ? names[verb?.words.split(" ")[0] ?? ""] : undefined) ??
  samples[field.flag] ??
  (field.kind === "boolean" ? "true" : undefined) ??
  (field.kind === "number" ? String(field.default ?? 1) : (field.choices?.[0] ?? field.flag));

/** `--uses 3` */
export const fieldExample = (field: Field): string =>
  field.kind === "boolean" ? `--${field.flag}` : `--${field.flag} ${shellWord(sample(field))}`;

/** A whole command that would be accepted. */
export function usageExample(verb: Verb, call: string): string {
  const words = verb.args.flatMap(({ field }) => {
    const spec = verb.fields.find(({ name }) => name === field);
    if (spec === undefined) return [];
    const value = sample(spec, verb);
    return [value.includes(" ") ? `"${value}"` : quoted(value)];
  });
  return [call, shownAs(verb), ...words].join(" ");
}

const quoted = (text: string): string => (/[#…]/.test(text) ? `'${text}'` : text);
