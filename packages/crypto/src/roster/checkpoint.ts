import type { MeshId, RosterHead } from "@claudemesh/protocol";
import { domains } from "../domain.ts";
import { utf8 } from "../encoding.ts";
import { hkdf } from "../hkdf.ts";
import { jcs } from "../jcs.ts";
import { mac, macEquals } from "../mac.ts";

/** A note of who keeps a chain to itself: up to this head it has verified every signature. Good only under its own key, for the process or home that made it. */
export interface RosterCheckpoint extends RosterHead {
  readonly mac: string;
}

const macOf = (key: Uint8Array, mesh: MeshId, { seq, hash }: RosterHead): string =>
  mac(key, `${domains.rosterCheckpoint}\n${jcs({ hash, mesh, seq })}`);

/** Notes that the chain of a mesh was verified up to `head`. */
export const checkpointAt = (
  key: Uint8Array,
  mesh: MeshId,
  { seq, hash }: RosterHead,
): RosterCheckpoint => ({ seq, hash, mac: macOf(key, mesh, { seq, hash }) });

/** Whether a checkpoint of this mesh was made under this key. */
export const isOwnCheckpoint = (
  key: Uint8Array,
  mesh: MeshId,
  checkpoint: RosterCheckpoint,
): boolean => macEquals(checkpoint.mac, macOf(key, mesh, checkpoint));

/** The key of a home's checkpoints, from its identity seed. */
export const homeCheckpointKey = (seed: Uint8Array): Uint8Array =>
  hkdf({ secret: seed, salt: utf8(domains.rosterCheckpoint), info: utf8("home") });
