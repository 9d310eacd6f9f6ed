import { z } from "zod";
import { op } from "../op.ts";
import { RecordAck, RecordAge, ShownRecord } from "../shapes/record.ts";
import { SkillContents, SkillName, skillFields } from "../shapes/skill.ts";
import { MeshTarget } from "../shapes/target.ts";
import {
  InMesh,
  plainRecord,
  recordErrors,
  recordMore,
  recordPage,
  signed,
  Wrote,
} from "./record-parts.ts";

const key = SkillName;
const Named = MeshTarget.extend({ name: SkillName });
const Plain = z.object({ ...plainRecord, ...SkillContents.partial().shape });
const { files: _files, instructions: _instructions, ...about } = skillFields;
const Shown = ShownRecord.extend({
  name: SkillName,
  ...about,
  files: z.array(z.string()).describe("paths of its files"),
  trusted: z.boolean().describe("whether a person here trusts this skill of this author"),
  mesh: InMesh,
});
const Published = Wrote.extend({ name: SkillName });

export const deploy = op({
  name: "skill.deploy",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Publish the skills of a folder, zip file or git repository",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [...recordErrors, "conflict", "not_found", "not_writable", "timeout"],
  open: {
    input: MeshTarget.extend({
      source: z
        .string()
        .min(1)
        .max(2_000)
        .describe(
          "absolute path of a folder, SKILL.md or zip file, or https URL of a git repository",
        ),
    }),
    output: z.object({ items: z.array(Published) }),
  },
  tool: "mesh_skill_deploy",
  attended: true,
});

export const get = op({
  name: "skill.get",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "mesh" },
  summary: "Read a skill that someone shared",
  input: z.strictObject({ key }),
  output: Plain,
  errors: ["forbidden", "not_found"],
  open: {
    input: Named,
    output: Shown.extend({
      instructions: skillFields.instructions
        .optional()
        .describe("left out for an agent while no person trusts it"),
      contents: skillFields.files.describe("left out likewise"),
      ...RecordAge.shape,
    }),
  },
  rest: "GET /v1/skills/{key}",
  cli: { args: ["name"], example: "review" },
  tool: "get_skill",
});

export const list = op({
  name: "skill.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "mesh" },
  summary: "List the skills that members share",
  input: z.strictObject(recordPage),
  output: z.object({ items: z.array(Plain), ...recordMore }),
  errors: ["forbidden"],
  open: {
    input: MeshTarget.extend({ tag: z.string().max(64).optional().describe("only with this tag") }),
    output: z.object({ items: z.array(Shown), ...RecordAge.shape }),
  },
  rest: "GET /v1/skills",
  cli: {},
  tool: "list_skills",
});

export const remove = op({
  name: "skill.remove",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "mesh" },
  record: { key: "key", status: "gone", from: ["shared"] },
  summary: "Take a skill back, so that its name is free again",
  input: z.strictObject({ key, signed }),
  output: RecordAck,
  errors: [...recordErrors, "conflict", "not_found"],
  open: { input: Named, output: Published },
  rest: "DELETE /v1/skills/{key}",
  cli: { args: ["name"], example: "review", confirm: "name" },
  tool: "remove_skill",
});

export const share = op({
  name: "skill.share",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "mesh" },
  record: { key: "key", status: "shared" },
  summary: "Share a skill with the mesh, or its next version",
  input: z.strictObject({ key, ...skillFields, signed }),
  output: RecordAck,
  errors: [...recordErrors, "conflict"],
  open: { input: MeshTarget.extend({ name: SkillName, ...skillFields }), output: Published },
  rest: "PUT /v1/skills/{key}",
  tool: "share_skill",
  attended: true,
});

export const trust = op({
  name: "skill.trust",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Let your agents use a skill of its present author",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["bad_signature", "not_found"],
  open: { input: Named, output: z.object({ name: SkillName, author: z.string() }) },
  cli: { args: ["name"], example: "review" },
});

export const untrust = op({
  name: "skill.untrust",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Keep a skill from your agents again",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: { input: Named, output: z.object({ name: SkillName }) },
  cli: { args: ["name"], example: "review" },
});
