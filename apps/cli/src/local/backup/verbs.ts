import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";

const file: Field = {
  name: "file",
  flag: "file",
  kind: "text",
  required: true,
  description: "path of the backup",
};

/** Verbs that carry a whole home; the passphrase is asked for, or read from standard input. */
export const backupVerbs: readonly Verb[] = [
  {
    words: "backup",
    aliases: [],
    summary: "Write identity, keys and messages to an encrypted file",
    args: [{ field: "file", rest: false }],
    example: "./alice.cmbk",
    fields: [file],
    errors: ["exists", "home_damaged", "not_writable"],
    does: { local: "backup" },
  },
  {
    words: "restore",
    aliases: [],
    summary: "Bring identity, keys and messages back from a backup",
    args: [{ field: "file", rest: false }],
    example: "./alice.cmbk",
    fields: [file],
    errors: ["exists", "home_damaged", "in_use", "not_found", "not_writable"],
    does: { local: "restore" },
  },
];
