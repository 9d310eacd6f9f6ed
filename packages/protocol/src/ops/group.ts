import { z } from "zod";
import { MemberId, MeshId } from "../ids.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";
import { ProfileFields } from "../statements/profile.ts";

const nothing = { input: z.strictObject({}), output: z.object({}) };
const OneGroup = MeshTarget.extend({
  group: z.string().min(1).max(410).describe("path of the group, such as @flex or @flex/core"),
});
const InMesh = z.object({ id: MeshId, slug: z.string() });
const Joined = z.object({
  mesh: InMesh,
  group: z.string().describe("its path, without @"),
  groups: z.array(z.string()).describe("the groups that you are in now"),
  roleTag: z.string().optional(),
});

export const join = op({
  name: "group.join",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Join a group: what is sent to it reaches you",
  ...nothing,
  errors: ["clock_skew", "conflict", "exhausted"],
  open: {
    input: OneGroup.extend({
      role: ProfileFields.shape.roleTag.describe("what you are there, shown as your role tag"),
    }),
    output: Joined,
  },
  cli: { args: ["group"] },
  tool: "join_group",
  again: true,
});

export const leave = op({
  name: "group.leave",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Leave a group",
  ...nothing,
  errors: ["clock_skew", "conflict", "not_found"],
  open: { input: OneGroup, output: Joined },
  cli: { args: ["group"] },
  tool: "leave_group",
  again: true,
});

export const list = op({
  name: "group.list",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List the groups of a mesh and who is in them",
  ...nothing,
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      mesh: InMesh,
      items: z.array(
        z.object({
          group: z.string().describe("its path, without @"),
          self: z.boolean().describe("you are in it, or in one below it"),
          members: z
            .array(z.object({ member: MemberId, name: z.string() }))
            .describe("who is in it, or in one below it"),
        }),
      ),
      ageMs: z.int().describe("age of the answer when it comes from the cache, else 0"),
    }),
  },
  cli: {},
});
