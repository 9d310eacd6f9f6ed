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
} from "@claudemesh/protocol";
import { isSealedToOne, openCanonical } from "./direct.ts";
import { canonicalEnvelope, verifyCanonical } from "./envelope.ts";
import type { Opener } from "./opener.ts";

/** What a receiver must know of its own verified chain; a `Roster` is one. */
export interface ChainView {
  readonly head: RosterHead;
  /** the hash of the entry at `seq`; undefined past the head */
  hashAt(seq: number): Hash | undefined;
  /** a member's signing key at `seq`; undefined when it was no member there */
  signKeyAt(member: MemberId, seq: number): SignKey | undefined;
  /** the place of the last `remove` of another, `rekey` or `epoch`; 0 when there is none */
  readonly lastBarrier: number;
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
}

/** What became of an envelope that passed every check. `ahead` passed none yet: fetch the roster up to `head` and receive it again. */
export type Received =
  | {
      readonly result: "opened";
      readonly header: EnvelopeHeader;
      readonly body: MessageBody;
      readonly digest: Hash;
    }
  | { readonly result: "void"; readonly header: EnvelopeHeader; readonly digest: Hash }
  | { readonly result: "ahead"; readonly head: RosterHead };

/**
 * Checks an untrusted envelope against this member's own chain and opens it, in the order of docs/spec/crypto.md, "Envelopes". Whether (sender, id) was
 * seen before is the caller's to ask of its store. Throws `malformed`, `too_large`, `forbidden`, `roster_fork`, `roster_stale`, `not_member`, `bad_signature`, and
 * `upgrade_required` for kinds that this version cannot open.
 */
export function receiveEnvelope(input: unknown, receiver: Receiver): Received {
  const envelope = parse(Envelope, input, "envelope");
  const { header } = envelope;
  const { roster, self } = receiver;
  if (header.mesh !== self.mesh) {
    throw new MeshError("forbidden", "the envelope belongs to another mesh");
  }
  if (header.head.seq > roster.head.seq) return { result: "ahead", head: header.head };
  requireOnChain(header.head, roster);
  requireFresh(header.head, receiver.seqAllowed ?? roster.lastBarrier);
  const key = roster.signKeyAt(header.from.member, header.head.seq);
  if (key === undefined) {
    throw new MeshError("not_member", "the sender is not a member at the claimed roster head");
  }
  const canonical = canonicalEnvelope(envelope);
  const digest = verifyCanonical(canonical, envelope, key);
  if (!isAddressedTo(header, self)) {
    throw new MeshError("forbidden", "the envelope is not addressed to me");
  }
  if (header.kind === "void") {
    if (canonical.ciphertext.length > 0) {
      throw new MeshError("malformed", "body: a void envelope has none");
    }
    return { result: "void", header, digest };
  }
  if (!isSealedToOne(header.kind)) {
    throw new MeshError(
      "upgrade_required",
      `this version cannot open a message of kind ${header.kind}`,
    );
  }
  return { result: "opened", header, body: openCanonical(canonical, receiver.opener), digest };
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

const isAddressedTo = ({ to }: EnvelopeHeader, self: Receiver["self"]): boolean =>
  to === audienceOf(self.member) || (self.session !== undefined && to === `s:${self.session}`);
