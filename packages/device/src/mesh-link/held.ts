import type { Vouched } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";

/** Why a mesh is held whose inviter vouched for a past that does not hold. */
export const heldError = ({ seq, why }: NonNullable<Vouched["failed"]>): MeshError =>
  new MeshError(
    "roster_fork",
    `the roster that the inviter vouched for does not verify at entry ${seq}: ${why}`,
    {
      hint: "the inviter or the broker showed a false past: nothing of this mesh is sent or trusted here; ask its owner on another way, and leave with `claudemesh leave`",
      detail: { reason: "false_past", seq },
    },
  );
