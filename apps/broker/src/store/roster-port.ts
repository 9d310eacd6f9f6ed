import type {
  Hash,
  InviteId,
  InviterHeadBlob,
  MemberId,
  MeshId,
  Profile,
  RosterEntry,
  RosterHead,
  TopicId,
  WelcomeBlob,
} from "@claudemesh/protocol";

export interface MeshRow {
  readonly id: MeshId;
  readonly slug: string;
  readonly createdAt: number;
  /** drawn anew by a restore; part of every cursor */
  readonly epoch: string;
  /** the last seq that is the same in the epoch before */
  readonly epochBase: number;
  readonly headSeq: number;
  /** the newest restore; undefined where there was none */
  readonly restored?: RestoredMesh;
}

/** What is known of a mesh whose log goes on from a backup. */
interface RestoredMesh {
  readonly at: number;
  /** up to which seq the log says what it said in every epoch before */
  readonly base: number;
  /** whether an owner has confirmed the roster since */
  readonly confirmed: boolean;
}

/** What the broker keeps for those who join by an invite, all of it sealed under the invite's code. */
export interface InviteGives {
  readonly invite: InviteId;
  readonly blob: WelcomeBlob;
  readonly head?: InviterHeadBlob | undefined;
}

/** A verified roster entry to append if its `prev` is still the tail. A join brings its profile, an invite its welcome blob. */
export interface RosterAppend {
  readonly mesh: MeshId;
  readonly entry: RosterEntry;
  readonly hash: Hash;
  /** true for what makes older heads stale: removal of another, rekey, epoch */
  readonly barrier: boolean;
  readonly at: number;
  readonly expiresAt: number;
  readonly profile?: { readonly statement: Profile; readonly hash: Hash } | undefined;
  readonly welcome?: InviteGives | undefined;
  readonly begins?: KeyBegin | undefined;
  /** after a restore, while no owner has confirmed the roster: an entry that the log had before, or the owner's that confirms it */
  readonly restored?: "confirms" | "repeats" | undefined;
}

/** The key that a roster entry begins. The entry is appended only if everyone in `covers` has a row of it. */
export interface KeyBegin {
  readonly commitment: Hash;
  /** undefined for a mesh key */
  readonly topic: TopicId | undefined;
  readonly covers: readonly MemberId[];
  /** when the last that was sealed under the key before it is gone */
  readonly beforeOverAt: number;
}

export type RosterOutcome =
  | { readonly result: "appended"; readonly seq: number; readonly head: RosterHead }
  | { readonly result: "conflict"; readonly head: RosterHead }
  /** members who have no row of the key that the entry begins */
  | { readonly result: "uncovered"; readonly missing: readonly MemberId[] }
  /** after a restore only what the log had before is taken, until an owner confirms the roster; `confirmed` where none was asked to */
  | { readonly result: "unconfirmed" }
  | { readonly result: "confirmed" };

export interface MeshCreate {
  readonly mesh: MeshId;
  readonly slug: string;
  readonly epoch: string;
  readonly genesis: RosterEntry;
  readonly hash: Hash;
  readonly profile: { readonly statement: Profile; readonly hash: Hash };
  readonly at: number;
  readonly expiresAt: number;
}
