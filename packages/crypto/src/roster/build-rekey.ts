import type { EntryOf, Hash, MemberId, MemberKeys } from "@claudemesh/protocol";
import { rekeyProof } from "../rekey.ts";
import type { Signer } from "../signature.ts";
import { type EntryAuthor, nextEntry } from "./build.ts";
import type { Roster } from "./roster.ts";

export interface RekeyInput extends EntryAuthor {
  readonly member: MemberId;
  readonly keys: MemberKeys;
  /** holds the new signing key; `signer` is the member's old one, or an owner's */
  readonly newSigner: Signer;
  /** commitment to the key of the next epoch */
  readonly commitment: Hash;
}

/** The signed entry that replaces a member's keys and starts the next epoch. After a conflict it is built again. */
export function buildRekey(roster: Roster, input: RekeyInput): EntryOf<"rekey"> {
  const { commitment, keys, member, newSigner, now, signer } = input;
  const epoch = { number: roster.epochs.length, commitment };
  const statement = { member, keys, epoch };
  const newSig = rekeyProof.sign({ mesh: roster.mesh, ...statement }, newSigner);
  return nextEntry(roster, "rekey", { ...statement, newSig }, { signer, now });
}
