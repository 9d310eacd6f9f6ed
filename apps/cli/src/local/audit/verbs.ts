import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";

const text = (name: string, description: string, required = false): Field => ({
  name,
  flag: name,
  kind: "text",
  required,
  description,
});

/** Verbs that carry an audit chain away and check what was carried. */
export const auditVerbs: readonly Verb[] = [
  {
    words: "audit check",
    aliases: [],
    summary: "Check an exported audit chain, without broker or home",
    args: [{ field: "file", rest: false }],
    example: "./audit.jsonl",
    fields: [
      text("file", "the export", true),
      text("key", "the broker's key, as /health gave it to you"),
      text("seen", "an older export, from which this one must have grown"),
    ],
    errors: ["log_mismatch", "not_found"],
    does: { local: "audit-check" },
  },
  {
    words: "audit export",
    aliases: [],
    summary: "Write the audit chain of a mesh, with its signed head, to a file",
    args: [{ field: "file", rest: false }],
    example: "./audit.jsonl",
    fields: [text("file", "file to make", true), text("mesh", "slug or id of the mesh")],
    errors: ["exists", "not_found", "not_writable"],
    does: { local: "audit-export" },
  },
];
