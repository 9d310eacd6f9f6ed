import { deriveMember, type Roster } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";

/** Whom another has removed comes back by an owner's word, not by new keys of the same identity. Throws `forbidden`. */
export function refuseBanned(seed: Uint8Array, roster: Roster, generation: number): void {
  for (let before = 0; before < generation; before++) {
    const { keys } = deriveMember(seed, { mesh: roster.mesh }, before);
    const { id, removedBy } = roster.memberByKey(keys.sign) ?? {};
    if (removedBy === undefined || removedBy === id) continue;
    throw new MeshError("forbidden", `you were removed from ${roster.policy.name}`, {
      hint: "an owner can let you back with `claudemesh unban`",
      detail: { reason: "removed" },
    });
  }
}
