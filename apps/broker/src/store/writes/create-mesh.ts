import { beginKey } from "../queries/keys.ts";
import { insertMesh } from "../queries/meshes.ts";
import { insertRosterEntry } from "../queries/roster.ts";
import { keepProfile } from "../writing/keep-profile.ts";
import { rosterEntry } from "../writing/statement-entries.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const createMesh: WriteFn<"createMesh"> = async (context, input) => {
  const { db, log } = context;
  const { genesis, hash, profile } = input;
  if (!(await insertMesh(db, input))) return "exists";
  await log.made(input.mesh);
  const mesh = log.head(input.mesh);
  const seq = log.append(mesh, rosterEntry({ entry: genesis, hash }, input));
  await insertRosterEntry(db, {
    mesh: mesh.no,
    seq: genesis.seq,
    hash,
    log_seq: seq,
    entry: JSON.stringify(genesis),
  });
  if (genesis.type === "genesis") {
    const { commitment } = genesis.body;
    await beginKey(db, mesh.no, { commitment, topic: undefined, beforeOverAt: 0 });
  }
  await keepProfile(context, mesh, profile, input);
  return "created";
};
