import {
  audienceOf,
  Envelope,
  type EnvelopeHeader,
  type Hash,
  type MemberId,
  MeshError,
  type MeshId,
  type MessageBody,
  parse,
  type RosterHead,
  type SessionId,
  type SignKey,
  topicOf,
} from "@claudemesh/protocol";
import { isSealedToOne, openCanonical } from "./direct.ts";
import { type CanonicalEnvelope, canonicalEnvelope, verifyCanonical } from "./envelope.ts";
import type { KeyRing } from "./key-ring.ts";
import type { Opener } from "./opener.ts";
import type { TrustEnd } from "./roster/index.ts";
import { openSharedCanonical } from "./shared.ts";
import { isInAudience, requireNewestKey, type SharedChain } from "./shared-checks.ts";
import { isShared, sharedKey } from "./shared-key.ts";

/** What a receiver must know of its own verified chain; a `Roster` is one. */
export interface ChainView {
  readonly head: RosterHead;
  /** the hash of the entry at `seq`; undefined past the head */
  hashAt(seq: number): Hash | undefined;
  /** a member's signing key at `seq`; undefined when it was no member there */
  signKeyAt(member: MemberId, seq: number): SignKey | undefined;
  /** the place of the last `remove` of another, `rekey` or `epoch`; 0 when there is none */
  readonly lastBarrier: number;
  /** the first removal by another or rekey of a member after `after`, up to `seen` */
  trustEnd(member: MemberId, after: number, seen: number): TrustEnd | undefined;
}

export interface Receiver {
  readonly roster: ChainView;
  readonly self: {
    readonly mesh: MeshId;
    readonly member: MemberId;
    /** set when `opener` is this session's */
    readonly session?: SessionId;
  };
  readonly opener: Opener;
  /** the oldest claimed head that is good at the envelope's place in the log; the roster's last barrier when left out */
  readonly seqAllowed?: number;
  /** the newest roster entry that this device had verified when it stored the envelope; the roster's head when left out, as for one that comes now */
  readonly seen?: number;
}

/** A receiver that holds mesh and topic keys, and so opens what goes to many. */
export interface SharedReceiver extends Receiver {
  readonly roster: ChainView & SharedChain;
  readonly ring: KeyRing;
  /** the newest roster entry before the envelope in the log; stands in for `seqAllowed`, since barriers differ by topic */
  readonly place?: number;
}

/**
 * What became of an envelope that passed every check. `ahead` passed none yet: fetch the roster up to `head` and receive it again. `time_not_provable` is
 * good but for its date: its sender was removed by another, or had its keys replaced, before this device stored it; it is never offered to an agent.
 */
export type Received =
  | {
      readonly result: "opened";
      readonly header: EnvelopeHeader;
      readonly body: MessageBody;
      readonly digest: Hash;
    }
  | {
      readonly result: "time_not_provable";
      readonly header: EnvelopeHeader;
      readonly body: MessageBody;
      readonly digest: Hash;
      readonly end: TrustEnd;
    }
  | { readonly result: "void"; readonly header: EnvelopeHeader; readonly digest: Hash }
  | { readonly result: "ahead"; readonly head: RosterHead };

/** Also `awaiting_key`: everything but the key is there; keep it, and receive it again when the ring has the key. */
export type SharedReceived =
  | Received
  | {
      readonly result: "awaiting_key";
      readonly header: EnvelopeHeader;
      readonly digest: Hash;
      readonly keyVersion: number;
    };

/**
 * Checks an untrusted envelope against this member's own chain and opens it, in the order of docs/spec/crypto.md, "Envelopes". Whether (sender, id) was
 * seen before is the caller's to ask of its store. Throws `malformed`, `too_large`, `forbidden`, `roster_fork`, `roster_stale`, `not_member`, `bad_signature`, and
 * `upgrade_required` for what goes to many when the receiver has no ring.
 */
export function receiveEnvelope(input: unknown, receiver: SharedReceiver): SharedReceived;
export function receiveEnvelope(input: unknown, receiver: Receiver): Received;
export function receiveEnvelope(
  input: unknown,
  receiver: Receiver | SharedReceiver,
): SharedReceived {
  const envelope = parse(Envelope, input, "envelope");
  const { header } = envelope;
  const { roster, self } = receiver;
  if (header.mesh !== self.mesh) {
    throw new MeshError("forbidden", "the envelope belongs to another mesh");
  }
  if (header.head.seq > roster.head.seq) return { result: "ahead", head: header.head };
  requireOnChain(header.head, roster);
  requireFresh(header.head, oldestGood(header, receiver));
  const key = roster.signKeyAt(header.from.member, header.head.seq);
  if (key === undefined) {
    throw new MeshError("not_member", "the sender is not a member at the claimed roster head");
  }
  if ("ring" in receiver) requireNewestKey(header, receiver.roster);
  const canonical = canonicalEnvelope(envelope);
  const digest = verifyCanonical(canonical, envelope, key);
  if (!isAddressedTo(header, receiver)) {
    throw new MeshError("forbidden", "the envelope is not addressed to me");
  }
  if (header.kind === "void") {
    if (canonical.ciphertext.length > 0) {
      throw new MeshError("malformed", "body: a void envelope has none");
    }
    return { result: "void", header, digest };
  }
  const body = open(header, canonical, receiver);
  if (body === undefined) {
    return { result: "awaiting_key", header, digest, keyVersion: header.keyVersion ?? 0 };
  }
  const seen = receiver.seen ?? roster.head.seq;
  const end = roster.trustEnd(header.from.member, header.head.seq, seen);
  if (end !== undefined) return { result: "time_not_provable", header, body, digest, end };
  return { result: "opened", header, body, digest };
}

/** The body; undefined while the ring lacks its key. */
function open(
  header: EnvelopeHeader,
  canonical: CanonicalEnvelope,
  receiver: Receiver | SharedReceiver,
): MessageBody | undefined {
  if (isSealedToOne(header.kind)) return openCanonical(canonical, receiver.opener);
  if (!isShared(header.kind) || !("ring" in receiver)) {
    throw new MeshError(
      "upgrade_required",
      `this version cannot open a message of kind ${header.kind}`,
    );
  }
  const key = sharedKey(header, receiver.ring);
  return key && openSharedCanonical(canonical, key);
}

function oldestGood(header: EnvelopeHeader, receiver: Receiver | SharedReceiver): number {
  const { roster, seqAllowed } = receiver;
  if (seqAllowed !== undefined) return seqAllowed;
  if (!("ring" in receiver)) return roster.lastBarrier;
  return receiver.roster.barrierAt(receiver.place ?? roster.head.seq, topicOf(header.to));
}

function requireOnChain(claimed: RosterHead, roster: ChainView): void {
  const hash = roster.hashAt(claimed.seq);
  if (hash === claimed.hash) return;
  throw new MeshError(
    "roster_fork",
    `the sender's roster differs from mine at entry ${claimed.seq}`,
    { detail: { claimed, mine: { seq: claimed.seq, hash } } },
  );
}

function requireFresh(claimed: RosterHead, oldest: number): void {
  if (claimed.seq >= oldest) return;
  throw new MeshError(
    "roster_stale",
    `the sender's roster ends at entry ${claimed.seq}, before the change at entry ${oldest}`,
    { detail: { claimed, oldest } },
  );
}

function isAddressedTo(header: EnvelopeHeader, receiver: Receiver | SharedReceiver): boolean {
  const { self } = receiver;
  const { kind, to } = header;
  if (to === audienceOf(self.member)) return true;
  if (to.startsWith("s:")) return self.session !== undefined && to === `s:${self.session}`;
  if (isSealedToOne(kind) || !("ring" in receiver)) return false;
  return isInAudience(header, self.member, receiver.roster);
}
