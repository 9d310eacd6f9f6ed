import { z } from "zod";
import { At } from "../bytes.ts";
import { MeshId } from "../ids.ts";
import { op } from "../op.ts";
import { CapabilityList } from "../shapes/grant.ts";
import { Membership, MeshInfo } from "../shapes/mesh.ts";
import { Policy, PolicyChange } from "../shapes/policy.ts";
import { evenAsLast, HeldMesh, MeshTarget } from "../shapes/target.ts";
import { Template, TemplateName } from "../shapes/template.ts";
import { Envelope, Priority } from "../statements/envelope.ts";
import { capabilities } from "../statements/grants.ts";
import { Profile, ProfileFields } from "../statements/profile.ts";
import { RosterEntry, RosterHead } from "../statements/roster.ts";

const MeshName = z.string().trim().min(1).max(100).regex(/\S/, "says nothing");

const signed = z.strictObject({ entry: RosterEntry });

export const accept = op({
  name: "mesh.accept",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Go on from the roster that an owner has confirmed",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: {
    input: HeldMesh,
    output: z.object({
      slug: z.string(),
      dropped: z.array(RosterEntry).describe("entries that this home goes on without"),
      head: RosterHead.describe("the last entry from here on"),
    }),
  },
  cli: { args: ["mesh"], confirm: "mesh" },
});

export const confirm = op({
  name: "mesh.confirm",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  summary: "Confirm the roster of a mesh whose broker was restored",
  input: signed,
  output: z.object({ head: RosterHead }),
  errors: ["clock_skew", "conflict", "exists", "roster_conflict"],
  open: {
    input: MeshTarget,
    output: z.object({
      slug: z.string(),
      head: RosterHead.describe("the entry by which the owner confirms"),
      epoch: z.int().describe("number of the mesh key that holds from now on"),
    }),
  },
  cli: {},
});

export const create = op({
  name: "mesh.create",
  kind: "command",
  since: 1,
  scope: "public",
  limit: "join",
  rate: { perSecond: 1, burst: 200 },
  audit: true,
  summary: "Create a mesh with you as its owner",
  input: z.strictObject({ genesis: RosterEntry, profile: Profile }),
  output: MeshInfo,
  errors: ["clock_skew", "exists"],
  open: {
    input: z.strictObject({
      name: MeshName.describe("name of the mesh"),
      broker: z.url().optional().describe("URL of the broker that will host it"),
      displayName: ProfileFields.shape.displayName.optional().describe("your name in the mesh"),
      template: TemplateName.optional().describe("what it begins with; see mesh templates"),
    }),
    output: Membership,
  },
  cli: { args: ["name"], alias: ["new", "create"] },
});

export const info = op({
  name: "mesh.info",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "any" },
  summary: "Show one mesh at a glance",
  input: z.strictObject({}),
  output: MeshInfo,
  errors: [],
  open: {
    input: MeshTarget,
    output: MeshInfo.extend({
      broker: z.string(),
      topics: Membership.shape.topics,
      groups: z.int().describe("groups that somebody is in"),
      unread: Membership.shape.unread,
      mentions: Membership.shape.mentions,
      rosterCheck: Membership.shape.rosterCheck,
      ageMs: z.int().describe("age of the answer when it comes from the cache, else 0"),
    }),
  },
  cli: { alias: ["info"] },
  tool: "mesh_info",
});

export const leave = op({
  name: "mesh.leave",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  summary: "Leave a mesh and remove its local keys",
  input: signed,
  output: z.object({ left: MeshId }),
  errors: ["clock_skew", "roster_conflict"],
  open: {
    input: HeldMesh.extend({ evenAsLast }),
    output: z.object({ left: MeshId, slug: z.string() }),
  },
  cli: { args: ["mesh"], alias: ["leave"], confirm: "mesh" },
});

export const list = op({
  name: "mesh.list",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List the meshes that this home is in",
  input: z.strictObject({}),
  output: z.object({ items: z.array(Membership) }),
  errors: [],
  open: { input: z.strictObject({}), output: z.object({ items: z.array(Membership) }) },
  cli: { alias: ["list"], primary: 7 },
});

const Leg = z.object({
  leg: z.enum(["connect", "hello", "append", "push", "open"]),
  ok: z.boolean(),
  ms: z.number().optional(),
  note: z.string().optional(),
});

export const ping = op({
  name: "mesh.ping",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "message",
  summary: "Send a probe through the whole pipeline and time each leg",
  input: z.strictObject({ probe: Envelope }),
  output: z.object({ seq: z.int(), receivedAt: At, repliedAt: At }),
  errors: ["roster_stale"],
  open: {
    input: MeshTarget,
    output: z.object({
      ok: z.boolean(),
      mesh: z.string(),
      probes: z.array(z.object({ priority: Priority, legs: z.array(Leg), totalMs: z.number() })),
    }),
  },
  cli: { alias: ["ping"], failsAs: "offline" },
  tool: "ping_mesh",
});

export const rename = op({
  name: "mesh.rename",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Rename a mesh",
  input: signed,
  output: MeshInfo,
  errors: ["clock_skew", "roster_conflict"],
  open: {
    input: MeshTarget.extend({ name: MeshName.describe("new name") }),
    output: z.object({ id: MeshId, slug: z.string(), name: z.string() }),
  },
  cli: { args: ["name"] },
});

export const settings = op({
  name: "mesh.settings",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Show the policy of a mesh, or change what is named",
  input: signed,
  output: MeshInfo,
  errors: ["clock_skew", "roster_conflict"],
  open: {
    input: MeshTarget.extend(
      z.strictObject({
        defaultGrants: CapabilityList.refine((all) => all.length > 0, "names no capability")
          .optional()
          .describe(
            `what peers may do to each other unless one of them says otherwise: ${capabilities.join(", ")}`,
          ),
        hint: PolicyChange.shape.hint,
        historyForNewMembers: PolicyChange.shape.historyForNewMembers,
        requireE2E: PolicyChange.shape.requireE2E,
        retentionDays: PolicyChange.shape.retentionDays,
        selfEditable: PolicyChange.shape.selfEditable,
        whoMayInvite: PolicyChange.shape.whoMayInvite,
      }).shape,
    ),
    output: z.object({ id: MeshId, slug: z.string(), policy: Policy }),
  },
  cli: {},
});

export const templates = op({
  name: "mesh.templates",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List what a new mesh may begin with",
  input: z.strictObject({}),
  output: z.object({ items: z.array(Template) }),
  errors: [],
  open: { input: z.strictObject({}), output: z.object({ items: z.array(Template) }) },
  cli: {},
});
