import { z } from "zod";
import { At } from "../bytes.ts";
import { Duration } from "../duration.ts";
import { InviteId, MemberId, MeshId } from "../ids.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { InviteInfo, InviteState, Membership } from "../shapes/mesh.ts";
import { MemberRole } from "../shapes/role.ts";
import { MeshTarget } from "../shapes/target.ts";
import { InviteOpen, InviterHeadBlob, WelcomeBlob } from "../statements/invite.ts";
import { Profile, ProfileFields } from "../statements/profile.ts";
import { RosterEntry, RosterHead } from "../statements/roster.ts";

export const chain = op({
  name: "invite.chain",
  kind: "query",
  since: 1,
  scope: "public",
  limit: "join",
  summary: "Read the roster with an invite in hand, before joining",
  input: z.strictObject({ proof: InviteOpen, after: z.int().min(-1) }),
  output: z.object({
    items: z.array(RosterEntry).max(limits.rosterPage),
    head: RosterHead,
    inviterHead: InviterHeadBlob.optional(),
  }),
  errors: ["exhausted", "expired", "not_found", "revoked", "wrong_host"],
});

export const claim = op({
  name: "invite.claim",
  kind: "command",
  since: 1,
  scope: "public",
  limit: "join",
  audit: true,
  summary: "Join a mesh with an invite link or code",
  input: z.strictObject({ entry: RosterEntry, profile: Profile }),
  output: z.object({ member: MemberId, seq: z.int(), slug: z.string(), welcome: WelcomeBlob }),
  errors: [
    "already_member",
    "clock_skew",
    "exhausted",
    "expired",
    "not_found",
    "revoked",
    "roster_conflict",
    "wrong_host",
  ],
  open: {
    input: z.strictObject({
      invite: z.string().min(1).max(2_000).describe("invite link or code"),
      name: ProfileFields.shape.displayName.optional().describe("your name in the mesh"),
      broker: z.url().optional().describe("URL of the broker, for a bare code"),
    }),
    output: Membership.extend({
      peers: z
        .array(z.string())
        .describe("names of the other members; none where they are 1,000 and more"),
    }),
  },
  cli: { args: ["invite"], alias: ["join"], primary: 3 },
});

export const create = op({
  name: "invite.create",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Make a link that lets someone join",
  input: z.strictObject({
    entry: RosterEntry,
    welcome: WelcomeBlob,
    inviterHead: InviterHeadBlob.optional(),
  }),
  output: z.object({ id: InviteId, publicUrl: z.url() }),
  errors: ["clock_skew", "roster_conflict"],
  open: {
    input: MeshTarget.extend({
      role: MemberRole.default("member").describe("role of who joins"),
      uses: z.coerce
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(1)
        .describe("how many may join with it"),
      expires: Duration.prefault("7d").describe("how long it is good for, such as 7d or 12h"),
    }),
    output: z.object({
      id: InviteId,
      link: z.url(),
      code: z.string(),
      role: MemberRole,
      uses: z.int(),
      expiresAt: At,
      warning: z.string().optional(),
    }),
  },
  cli: { alias: ["invite", "share"], primary: 2 },
});

export const list = op({
  name: "invite.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "admin", reach: "mesh" },
  summary: "List the invites of a mesh and where each stands",
  input: z.strictObject({}),
  output: z.object({
    items: z.array(z.object({ id: InviteId, state: InviteState, used: z.int() })),
  }),
  errors: [],
  open: { input: MeshTarget, output: z.object({ items: z.array(InviteInfo) }) },
  cli: {},
});

export const preview = op({
  name: "invite.preview",
  kind: "query",
  since: 1,
  scope: "public",
  limit: "join",
  summary: "Show what an invite leads to, without joining",
  input: z.strictObject({ invite: InviteId }),
  output: z.object({
    mesh: MeshId,
    name: z.string(),
    inviter: z.string().describe("display name, by the broker's word"),
    role: MemberRole,
    expiresAt: At,
    members: z.int(),
  }),
  errors: ["exhausted", "expired", "not_found", "revoked"],
  open: {
    input: z.strictObject({
      invite: z.string().min(1).max(2_000).describe("invite link or code"),
      broker: z.url().optional().describe("URL of the broker, for a bare code"),
    }),
    output: z.object({
      mesh: MeshId,
      name: z.string(),
      inviter: z.string(),
      role: MemberRole,
      expiresAt: At,
      members: z.int(),
    }),
  },
  cli: { args: ["invite"] },
});

export const renew = op({
  name: "invite.renew",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Renew what an open invite of the caller's gives",
  input: z.strictObject({
    invite: InviteId,
    welcome: WelcomeBlob,
    inviterHead: InviterHeadBlob.optional(),
  }),
  output: z.object({ id: InviteId }),
  errors: ["exhausted", "expired", "not_found", "revoked"],
});

export const revoke = op({
  name: "invite.revoke",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "admin", reach: "mesh" },
  summary: "Make an invite worthless at once",
  input: z.strictObject({ entry: RosterEntry }),
  output: z.object({ id: InviteId }),
  errors: ["clock_skew", "not_found", "revoked", "roster_conflict"],
  open: {
    input: MeshTarget.extend({
      invite: z.string().min(1).describe("id, link or code of the invite"),
      leaked: z
        .boolean()
        .default(false)
        .describe("its code may be known to strangers: change the mesh's key too"),
    }),
    output: z.object({
      id: InviteId,
      used: z.int(),
      epoch: z.int().optional().describe("number of the mesh key that holds from now on"),
    }),
  },
  cli: { args: ["invite"] },
});
