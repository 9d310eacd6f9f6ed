import { z } from "zod";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { MemberId, MeshId } from "../ids.ts";
import { op } from "../op.ts";
import { CapabilityList } from "../shapes/grant.ts";
import { MemberInfo, MemberPresence, Trust } from "../shapes/member.ts";
import {
  BannedMember,
  MemberPermissions,
  NamedMember,
  permissionFlags,
} from "../shapes/moderation.ts";
import { MemberRole } from "../shapes/role.ts";
import { MeshTarget } from "../shapes/target.ts";
import { Capability, capabilities } from "../statements/grants.ts";
import { Profile, ProfileFields } from "../statements/profile.ts";
import { RosterEntry } from "../statements/roster.ts";

const signed = z.strictObject({ entry: RosterEntry });
const acted = z.object({ member: MemberId });
const OneMember = MeshTarget.extend({
  member: z.string().min(1).max(200).describe("name, id, or key prefix of 8 or more hex digits"),
});
const Ended = z.object({ member: MemberId, connections: z.int().describe("connections ended") });
const whose = z.strictObject({ members: z.array(MemberId).min(1).max(500) });

export const ban = op({
  name: "member.ban",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Remove a member, and change the mesh's key",
  input: signed,
  output: acted,
  errors: [
    "ambiguous",
    "clock_skew",
    "conflict",
    "exists",
    "no_recipient",
    "not_found",
    "roster_conflict",
  ],
  open: {
    input: OneMember.extend({
      keepLinks: z
        .boolean()
        .default(false)
        .describe("leave the mesh's other open invites as they are"),
    }),
    output: NamedMember.extend({
      epoch: z.int().describe("number of the mesh key that holds from now on"),
      revoked: z.int().describe("open invites that were ended"),
    }),
  },
  cli: { args: ["member"], alias: ["ban"] },
});

export const bans = op({
  name: "member.bans",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "List who was removed and has not been let back",
  input: z.strictObject({}),
  output: z.object({}),
  errors: [],
  open: { input: MeshTarget, output: z.object({ items: z.array(BannedMember) }) },
  cli: { alias: ["bans"] },
});

export const disconnect = op({
  name: "member.disconnect",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "End a member's connections until it connects again",
  input: whose,
  output: z.object({ items: z.array(Ended) }),
  errors: ["ambiguous", "no_recipient", "not_found"],
  needs: "kick",
  open: {
    input: OneMember,
    output: NamedMember.extend({ connections: z.int().describe("connections ended") }),
  },
  cli: { args: ["member"], alias: ["disconnect"] },
});

export const kick = op({
  name: "member.kick",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "End connections until their people come back",
  input: whose,
  output: z.object({ items: z.array(Ended) }),
  errors: ["ambiguous", "no_recipient", "not_found"],
  needs: "kick",
  open: {
    input: MeshTarget.extend({
      member: OneMember.shape.member.optional(),
      stale: Duration.optional().describe(
        "members all of whose agents have been idle for so long, such as 30m",
      ),
      all: z.boolean().default(false).describe("everyone whom you may kick"),
    }),
    output: z.object({
      items: z.array(NamedMember.extend({ connections: z.int().describe("connections ended") })),
    }),
  },
  cli: { args: ["member"], alias: ["kick"] },
});

export const list = op({
  name: "member.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "read", reach: "any" },
  summary: "List the members of a mesh",
  input: z.strictObject({}),
  output: z.object({ items: z.array(MemberPresence) }),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      items: z.array(MemberInfo),
      ageMs: z.int().describe("age of the answer when it comes from the cache, else 0"),
    }),
  },
  rest: "GET /v1/members",
  cli: {},
});

export const permissions = op({
  name: "member.permissions",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Show what a member may do, or change it",
  input: signed,
  output: acted,
  errors: ["ambiguous", "clock_skew", "no_recipient", "not_found", "roster_conflict"],
  open: {
    input: MeshTarget.extend({
      action: z.enum(["get", "set"]).describe("show it or change it"),
      member: OneMember.shape.member,
      ...permissionFlags,
      reset: z.boolean().default(false).describe("drop what was set apart before"),
    }),
    output: MemberPermissions,
  },
  cli: { args: ["action", "member"] },
});

export const role = op({
  name: "member.role",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Give a member another role",
  input: signed,
  output: acted,
  errors: ["ambiguous", "clock_skew", "no_recipient", "not_found", "roster_conflict"],
  open: {
    input: OneMember.extend({ role: MemberRole }),
    output: NamedMember.extend({ role: MemberRole, before: MemberRole }),
  },
  cli: { args: ["member", "role"] },
});

export const unban = op({
  name: "member.unban",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Let one who was removed back in, as a member",
  input: signed,
  output: acted,
  errors: ["ambiguous", "clock_skew", "no_recipient", "not_found", "roster_conflict"],
  open: { input: OneMember, output: NamedMember.extend({ role: MemberRole }) },
  cli: { args: ["member"], alias: ["unban"] },
});

export const update = op({
  name: "member.update",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Show your profile, or change what is named",
  input: z.strictObject({ profile: Profile }),
  output: z.object({ member: MemberId, version: z.int() }),
  errors: ["clock_skew", "conflict", "not_found"],
  open: {
    input: MeshTarget.extend(ProfileFields.partial().shape).extend({
      defaultGrants: CapabilityList.optional().describe(
        `what peers may do to you unless a rule of yours says otherwise: ${capabilities.join(", ")}`,
      ),
    }),
    output: z.object({ member: MemberId, version: z.int(), profile: ProfileFields }),
  },
  cli: { alias: ["profile"] },
  tool: "set_profile",
  attended: true,
});

export const verify = op({
  name: "member.verify",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Compare keys with a peer by their safety number",
  input: z.strictObject({}),
  output: z.object({}),
  errors: ["no_recipient", "ambiguous"],
  open: {
    input: MeshTarget.extend({
      peer: z.string().min(1).max(200).describe("name, or key prefix of 8 or more hex digits"),
      confirm: z.boolean().optional().describe("the numbers are the same: mark it as verified"),
      withGrants: z.boolean().optional().describe("show what the peer may do to you, too"),
    }),
    output: z.object({
      mesh: z.object({ id: MeshId, slug: z.string() }),
      member: MemberId,
      name: z.string(),
      key: z.string().describe("first 16 hex digits of the signing key"),
      number: z.string().describe("30 digits in six groups, the same on both sides"),
      trust: Trust,
      verifiedAt: At.optional().describe("when its keys, or those before them, were compared"),
      grants: z.array(Capability).optional().describe("what it may do to you"),
      looksLike: z.string().optional().describe("the verified member whose name reads the same"),
    }),
  },
  cli: { args: ["peer"], alias: ["verify"] },
});
