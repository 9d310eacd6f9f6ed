import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";

const text = (name: string, description: string): Field => ({
  name,
  flag: name,
  kind: "text",
  required: false,
  description,
});

/** Keeps a secret; its value is asked for, or read from standard input, and is never an argument. */
export const vaultSetVerb: Verb = {
  words: "vault set",
  aliases: [],
  summary: "Keep a secret, sealed on this device to your own key",
  args: [{ field: "key", rest: false }],
  example: "GITHUB_TOKEN",
  fields: [
    { ...text("key", "name of the secret"), required: true },
    { ...text("type", "env: a variable; file: a file at mount"), default: "env" },
    text("mount", "absolute path of the file, with type file"),
    text("mesh", "slug or id of the mesh"),
  ],
  errors: ["clock_skew", "conflict", "exhausted", "not_found"],
  reads: "value",
  does: { local: "vault-set" },
};
