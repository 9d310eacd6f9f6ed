import { z } from "zod";
import { At } from "../bytes.ts";
import { InviteId, MemberId, MeshId } from "../ids.ts";
import { RosterHead } from "../statements/roster.ts";
import { Policy } from "./policy.ts";
import { MemberRole } from "./role.ts";

/** How much shared data the caller sees. */
export const SharedCounts = z.object({
  contexts: z.int().optional(),
  files: z.int().optional().describe("shared in the mesh, with whomever"),
  memories: z.int().optional(),
  stateKeys: z.int().optional(),
  tasks: z.int().optional(),
  openTasks: z.int().optional(),
  skills: z.int().optional(),
  streams: z.int().optional(),
});
export type SharedCounts = z.infer<typeof SharedCounts>;

/** What the broker says of a mesh. Name, policy and counts come from the signed chain. */
export const MeshInfo = z
  .object({
    id: MeshId,
    slug: z.string(),
    name: z.string(),
    createdAt: At,
    members: z.int(),
    online: z.int(),
    seq: z.int().describe("the log's last sequence number"),
    head: RosterHead.describe("the roster's last entry"),
    policy: Policy,
    serverTime: At,
    version: z.int().describe("the broker's protocol version"),
    ...SharedCounts.shape,
    limits: SharedCounts.optional().describe("how many of each a mesh may have at a time"),
  })
  .meta({ id: "MeshInfo" });
export type MeshInfo = z.infer<typeof MeshInfo>;

/** How far this home has verified a roster that it took up on its inviter's word. */
export const RosterCheck = z.object({
  verified: z.int().describe("entries of which every signature was verified"),
  of: z.int(),
  alarm: z.string().optional().describe("what does not hold: the mesh is held"),
});
export type RosterCheck = z.infer<typeof RosterCheck>;

/** One membership of this home. */
export const Membership = z.object({
  id: MeshId,
  slug: z.string(),
  name: z.string(),
  broker: z.string().describe("the broker's URL"),
  member: MemberId,
  displayName: z.string(),
  role: MemberRole,
  members: z.int(),
  topics: z.int().describe("topics that you may find"),
  unread: z.int(),
  mentions: z.int().describe("messages that name you and that you have not read"),
  warning: z.string().optional(),
  rosterCheck: RosterCheck.optional().describe("while the roster is not verified whole"),
});
export type Membership = z.infer<typeof Membership>;

/** Where an invite stands. */
export const InviteState = z.enum(["pending", "used", "expired", "revoked"]);

/** An invite as its mesh's members see it; `link` and `code` only where this home made it. */
export const InviteInfo = z.object({
  id: InviteId,
  role: MemberRole,
  uses: z.int(),
  used: z.int(),
  expiresAt: At,
  state: InviteState,
  by: z.string().describe("display name of the inviter"),
  link: z.string().optional(),
  code: z.string().optional(),
});
export type InviteInfo = z.infer<typeof InviteInfo>;
