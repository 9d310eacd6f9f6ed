import {
  type KeyBundleRow,
  type MemberId,
  MeshError,
  type SealKey,
  type TopicId,
} from "@claudemesh/protocol";
import { keyCommitment } from "./commitment.ts";
import { domains } from "./domain.ts";
import { fromBase64, toBase64 } from "./encoding.ts";
import { parseRow } from "./key-bundle.ts";
import { commitmentScope } from "./key-scope.ts";
import { type Opener, sealTo } from "./opener.ts";
import type { RandomSource } from "./random.ts";
import type { Roster } from "./roster/index.ts";
import { requireSigned, type Signer, signStatement } from "./signature.ts";

export interface KeyBundleInput {
  /** the sealer's own verified chain: nobody outside it is sealed to */
  readonly roster: Roster;
  /** the mesh or topic key, 32 bytes as unpadded base64url */
  readonly key: string;
  /** the sealer's member key */
  readonly signer: Signer;
  readonly random: RandomSource;
  /** every member when left out */
  readonly recipients?: Iterable<MemberId>;
  /** the keys that a `rekey` is about to bring, which its bundle is sealed to already */
  readonly rekeyed?: { readonly member: MemberId; readonly seal: SealKey };
}

/** Seals a key to members, a signed row for each. Throws `not_member` for a recipient who is none in the sealer's chain, `malformed` on another key length. */
export function sealKeyBundle(input: KeyBundleInput): KeyBundleRow[] {
  const { key, random, rekeyed, roster, signer } = input;
  const recipients =
    input.recipients ?? [...roster.members.keys()].filter((id) => roster.isMember(id));
  const commitment = keyCommitment(commitmentScope(roster, key), key);
  const plaintext = fromBase64(key, "key");
  return Array.from(recipients, (recipient) => {
    const current = roster.sealKey(recipient);
    const to = rekeyed?.member === recipient ? rekeyed.seal : current;
    if (to === undefined || current === undefined) {
      throw new MeshError("not_member", `${recipient} is not a member of the mesh`);
    }
    const sealed = toBase64(sealTo(to, plaintext, random));
    const place = { v: 1 as const, mesh: roster.mesh, commitment, recipient };
    return signStatement(domains.keyBundle, { ...place, sealed, author: signer.key }, signer);
  });
}

/** A key of the chain, out of a bundle row or a ring. */
export type ChainKey =
  | { readonly epoch: number; readonly key: string }
  | { readonly topic: TopicId; readonly version: number; readonly key: string };

/** Who opens a row. */
export interface RowReader {
  readonly roster: Roster;
  readonly member: MemberId;
  readonly opener: Opener;
}

/**
 * Opens a row sealed to this member: the key, and which of the chain's it is. Good is a row by anyone who is or was a member, since what decides is
 * the commitment. Throws `malformed`, `forbidden` for another's row, `not_member`, `not_found` while the chain has no such commitment, `bad_signature`.
 */
export function openKeyBundleRow(input: unknown, { roster, member, opener }: RowReader): ChainKey {
  const row = parseRow(input, roster);
  if (row.recipient !== member) {
    throw new MeshError("forbidden", "recipient: the key bundle row is for another member");
  }
  if (roster.memberByKey(row.author) === undefined) {
    throw new MeshError("not_member", "author: the key bundle row is by nobody of the roster");
  }
  requireSigned(domains.keyBundle, row, row.author, "key bundle row");
  const place = roster.keyPlace(row.commitment);
  if (place === undefined) {
    throw new MeshError("not_found", "commitment: the roster has no key with it");
  }
  const key = toBase64(opener.open(fromBase64(row.sealed, "sealed key")));
  if (keyCommitment(commitmentScope(roster, key), key) !== row.commitment) {
    throw new MeshError("bad_signature", "the sealed key does not fit its commitment");
  }
  return { ...place, key };
}
