import type { MeshId } from "@claudemesh/protocol";
import { keyCommitment } from "./commitment.ts";
import type { Roster } from "./roster/index.ts";

/** What the commitment to `key` names as its mesh: nothing for K₀, whose mesh had no id yet. */
export const commitmentScope = (roster: Roster, key: string): MeshId | "" =>
  keyCommitment("", key) === roster.epochs[0]?.commitment ? "" : roster.mesh;
