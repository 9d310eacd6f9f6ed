import type { EntryOf, MeshId, Signature } from "@claudemesh/protocol";
import { domains } from "./domain.ts";
import type { JsonValue } from "./jcs.ts";
import { isSignedBy, type Signer } from "./signature.ts";

/** What the holder of the new keys signs: the body of the rekey, and its mesh. */
export type RekeyStatement = { readonly mesh: MeshId } & Omit<EntryOf<"rekey">["body"], "newSig">;

const value = ({ mesh, member, epoch, keys }: RekeyStatement): JsonValue => ({
  mesh,
  member,
  epoch: { number: epoch.number, commitment: epoch.commitment },
  keys: { sign: keys.sign, seal: keys.seal },
});

/** The new signing key's part in a `rekey`: without it one could replace a member's keys by keys that nobody has. */
export const rekeyProof = {
  /** `newSig` of a rekey body; `signer` holds the new signing key. */
  sign: (statement: RekeyStatement, signer: Signer): Signature =>
    signer.sign(domains.rekey, value(statement)),
  verifies: (statement: RekeyStatement, newSig: Signature): boolean =>
    isSignedBy(statement.keys.sign, domains.rekey, value(statement), newSig),
};
