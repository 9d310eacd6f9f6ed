import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";

const source = (description: string): Field => ({
  name: "source",
  flag: "source",
  kind: "text",
  required: true,
  description,
});

const mesh: Field = {
  name: "mesh",
  flag: "mesh",
  kind: "text",
  required: false,
  description: "slug or id of the mesh",
};

const errors = [
  "bad_signature",
  "clock_skew",
  "conflict",
  "forbidden",
  "not_found",
  "timeout",
  "too_large",
] as const;

/** Verbs that publish what lies on this machine or in a repository. */
export const skillVerbs: readonly Verb[] = [
  {
    words: "skill deploy",
    aliases: [],
    summary: "Publish the skills of a zip file or git repository",
    args: [{ field: "source", rest: false }],
    example: "https://git.example/team/skills.git",
    fields: [source("path of a zip file, or https URL of a git repository"), mesh],
    errors,
    does: { local: "skill-publish" },
  },
  {
    words: "skill publish",
    aliases: [],
    summary: "Share the skill of a folder or SKILL.md, or its next version",
    args: [{ field: "source", rest: false }],
    example: "./review",
    fields: [source("path of the folder or SKILL.md"), mesh],
    errors,
    does: { local: "skill-publish" },
  },
];
