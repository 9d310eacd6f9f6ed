import { deriveMember, fromBase64, KeyRing, Roster } from "@claudemesh/crypto";
import { type BackupContents, type MeshBackup, MeshError } from "@claudemesh/protocol";

/** Throws unless every chain verifies from its genesis, every key fits its commitment, and every membership's key comes from the seed. */
export function checkContents({ seed, earlier = [], meshes }: BackupContents): void {
  const seeds = [seed, ...earlier].map((one) => fromBase64(one, "identity seed"));
  const seen = new Set<string>();
  for (const [at, one] of meshes.entries()) {
    if (seen.has(one.mesh)) throw bad(at, "it is there twice");
    seen.add(one.mesh);
    checkMesh(one, at, seeds);
  }
}

function checkMesh(one: MeshBackup, at: number, seeds: readonly Uint8Array[]): void {
  const { mesh, member, founderNonce, generation, signKey } = one;
  const [genesis, ...rest] = one.roster;
  if (genesis === undefined) throw bad(at, "its chain is empty");
  const roster = Roster.fromGenesis(genesis, mesh);
  roster.append(rest);
  if (!roster.members.has(member)) throw bad(at, "its chain does not know the member");
  const scope = founderNonce === null ? { mesh } : { genesisNonce: founderNonce };
  if (!seeds.some((seed) => deriveMember(seed, scope, generation).keys.sign === signKey)) {
    throw bad(at, "its keys do not come from the identity");
  }
  KeyRing.parse(JSON.stringify(one.ring), roster);
}

const bad = (at: number, why: string): MeshError =>
  new MeshError("malformed", `meshes.${at}: ${why}`);
