import { z } from "zod";
import { At, bytes, Hash, SealKey, Signature, SignKey } from "../bytes.ts";
import { InviteId, MemberId, MeshId, SessionId, TopicId } from "../ids.ts";
import { PolicyChange } from "../shapes/policy.ts";
import { MemberRole, Permissions } from "../shapes/role.ts";

/** A member's public keys: one signs, the other is sealed to. */
export const MemberKeys = z.strictObject({ sign: SignKey, seal: SealKey });
export type MemberKeys = z.infer<typeof MemberKeys>;

/** A mesh key that an entry starts: its place in the row of epochs, and the commitment that the key must fit. */
const Epoch = z.strictObject({ number: z.int().min(1), commitment: Hash });
export type Epoch = z.infer<typeof Epoch>;

/** What one may do in a private topic: a lead says who is in it, an observer reads and may not post. */
export const TopicRole = z.enum(["lead", "member", "observer"]).describe("role in a topic");
export type TopicRole = z.infer<typeof TopicRole>;

/** The body of each roster entry type (docs/spec/crypto.md, "The roster"). */
export const rosterBodies = {
  epoch: Epoch,
  genesis: z.strictObject({
    commitment: Hash.describe("commitment to K0"),
    keys: MemberKeys,
    name: z.string().min(1).max(100),
    nonce: bytes(32, "genesis nonce"),
  }),
  invite: z.strictObject({
    expiresAt: At,
    invite: InviteId,
    key: SignKey.describe("the invite's public key"),
    role: MemberRole,
    uses: z.int().min(1).max(10_000),
  }),
  invite_revoke: z.strictObject({ invite: InviteId }),
  join: z.strictObject({
    invite: InviteId,
    keys: MemberKeys,
    proof: Signature.describe("the invite key's signature over mesh, invite and keys"),
  }),
  policy: PolicyChange,
  rekey: z.strictObject({
    epoch: Epoch,
    keys: MemberKeys,
    member: MemberId,
    newSig: Signature.describe("the new key's signature over mesh and body without it"),
  }),
  remove: z.strictObject({ epoch: Epoch.optional(), member: MemberId }),
  restore: z.strictObject({ member: MemberId }),
  role: z.strictObject({
    member: MemberId,
    permissions: Permissions.optional(),
    role: MemberRole,
  }),
  session_revoke: z.strictObject({ session: SessionId }),
  topic_add: z.strictObject({ member: MemberId, role: TopicRole, topic: TopicId }),
  topic_key: z.strictObject({ commitment: Hash, topic: TopicId, version: z.int().min(1) }),
  topic_remove: z.strictObject({ member: MemberId, topic: TopicId }),
} as const;

export type RosterType = keyof typeof rosterBodies;

/** Everything of an entry except its type, body and signature. `author` is the signing key, since a joiner has no member id yet. */
const head = {
  v: z.literal(1),
  mesh: z.union([MeshId, z.literal("")]).describe("empty in genesis only"),
  seq: z.int().min(0),
  prev: z.union([Hash, z.literal("")]).describe("hash of the entry before; empty in genesis only"),
  author: SignKey,
  at: At,
  sig: Signature,
} as const;

const entry = <T extends RosterType>(type: T) =>
  z.strictObject({ ...head, type: z.literal(type), body: rosterBodies[type] });

/** One link of the signed chain of who is in the mesh and of what policy holds. */
export const RosterEntry = z
  .discriminatedUnion("type", [
    entry("epoch"),
    entry("genesis"),
    entry("invite"),
    entry("invite_revoke"),
    entry("join"),
    entry("policy"),
    entry("rekey"),
    entry("remove"),
    entry("restore"),
    entry("role"),
    entry("session_revoke"),
    entry("topic_add"),
    entry("topic_key"),
    entry("topic_remove"),
  ])
  .meta({ id: "RosterEntry" });
export type RosterEntry = z.infer<typeof RosterEntry>;

/** A roster entry of one type. */
export type EntryOf<T extends RosterType> = Extract<RosterEntry, { type: T }>;

/** A position on the chain: which entry, and its hash. */
export const RosterHead = z.strictObject({ seq: z.int().min(0), hash: Hash });
export type RosterHead = z.infer<typeof RosterHead>;
