import { type EntryOf, type MemberKeys, MeshError } from "@claudemesh/protocol";
import { rekeyProof } from "../rekey.ts";
import { isSealable } from "./sealable.ts";
import type { RosterState } from "./state.ts";

/** Throws `malformed` unless something can be sealed to the keys. */
export function requireSealable({ seal }: MemberKeys): void {
  if (!isSealable(seal)) {
    throw new MeshError("malformed", "keys.seal: nothing can be sealed to this key");
  }
}

/** That nobody has or had the keys in this mesh, and that they are of use. `what` brings them. */
export function requireNewKeys(state: RosterState, keys: MemberKeys, what: string): void {
  if (state.memberByKey(keys.sign) !== undefined) {
    const message = `the signing key of ${what} is in the roster already`;
    throw new MeshError("already_member", message);
  }
  if (state.keys.hasSealKey(keys.seal)) {
    const message = `the sealing key of ${what} is in the roster already`;
    throw new MeshError("already_member", message);
  }
  requireSealable(keys);
}

/** That the new keys of a rekey are new, and that their holder takes part in it. */
export function checkRekey(state: RosterState, { body, seq }: EntryOf<"rekey">): void {
  requireNewKeys(state, body.keys, "the rekey");
  const { newSig, ...statement } = body;
  if (!rekeyProof.verifies({ mesh: state.mesh, ...statement }, newSig)) {
    const message = `the new key's signature in rekey entry ${seq} does not verify`;
    throw new MeshError("bad_signature", message);
  }
}
