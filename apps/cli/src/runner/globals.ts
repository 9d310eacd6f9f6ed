import type { Field } from "./field.ts";

/** Flags that every verb takes. `json` and `help` have their own forms: `--json=a,b`, `-h`. */
export interface Globals {
  readonly mesh?: string;
  readonly broker?: string;
  readonly json: boolean;
  /** dotted paths to print, from `--json=a,b` */
  readonly project?: readonly string[];
  readonly stream: boolean;
  readonly yes: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  /** whether a daemon may be started */
  readonly daemon: boolean;
  readonly help: boolean;
  readonly version: boolean;
  readonly schemaVersion: boolean;
}

const flag = (name: string, description: string): Field => ({
  name,
  flag: name,
  kind: "boolean",
  required: false,
  description,
});

/** Declared like any other field, sorted; help lists them. */
export const globalFields: readonly Field[] = [
  { ...flag("broker", "URL of the broker, when creating or joining"), kind: "text" },
  flag("help", "show help for the verb"),
  flag("json", "print one JSON object; --json=a,b prints only those fields"),
  { ...flag("mesh", "slug or id of the mesh"), kind: "text" },
  flag("no-color", "print without colour"),
  flag("no-daemon", "work in this process, unless a daemon runs already"),
  {
    ...flag("output-format", "one JSON object per line for lists"),
    kind: "text",
    choices: ["stream-json"],
  },
  flag("quiet", "print only the answer and errors"),
  flag("schema-version", "print the version of the JSON shapes"),
  flag("verbose", "say what was chosen automatically"),
  flag("version", "print the version"),
  flag("yes", "answer every confirmation"),
];

/** One-letter spellings of flags, where a verb has them. */
export const shortFlags: Readonly<Record<string, string>> = {
  c: "continue",
  f: "follow",
  h: "help",
  n: "lines",
  q: "quiet",
  r: "resume",
  v: "verbose",
  y: "yes",
};
