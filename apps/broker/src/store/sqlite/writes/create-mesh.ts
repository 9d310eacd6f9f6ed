import { insertMesh } from "../../queries/meshes.ts";
import { putProfile } from "../../queries/profiles.ts";
import { insertRosterEntry } from "../../queries/roster.ts";
import { profileEntry, rosterEntry } from "../statement-entries.ts";
import type { WriteFn } from "../write-context.ts";

export const createMesh: WriteFn<"createMesh"> = async ({ db, log }, input) => {
  const { genesis, hash, profile } = input;
  if (!(await insertMesh(db, input))) return "exists";
  const mesh = log.head(input.mesh);
  const seq = log.append(mesh, rosterEntry({ entry: genesis, hash }, input));
  await insertRosterEntry(db, {
    mesh: mesh.no,
    seq: genesis.seq,
    hash,
    log_seq: seq,
    entry: JSON.stringify(genesis),
  });
  await putProfile(db, mesh.no, profile);
  log.append(mesh, profileEntry(profile, input));
  return "created";
};
