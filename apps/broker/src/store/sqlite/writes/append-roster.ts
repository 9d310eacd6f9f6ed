import { addInvite, countUse, setWelcome } from "../../queries/invites.ts";
import { putProfile } from "../../queries/profiles.ts";
import { insertRosterEntry, moveTail, rosterTail } from "../../queries/roster.ts";
import { profileEntry, rosterEntry } from "../statement-entries.ts";
import type { WriteFn } from "../write-context.ts";

export const appendRoster: WriteFn<"appendRoster"> = async ({ db, log }, input) => {
  const { entry, hash, profile, welcome, at } = input;
  const mesh = log.head(input.mesh);
  const head = await rosterTail(db, mesh.no);
  if (entry.seq !== head.seq + 1 || entry.prev !== head.hash) return { result: "conflict", head };

  const seq = log.append(mesh, rosterEntry(input, input));
  await insertRosterEntry(db, {
    mesh: mesh.no,
    seq: entry.seq,
    hash,
    log_seq: seq,
    entry: JSON.stringify(entry),
  });
  await moveTail(db, mesh.no, input);
  if (profile !== undefined && (await putProfile(db, mesh.no, profile))) {
    log.append(mesh, profileEntry(profile, input));
  }
  if (entry.type === "invite") {
    const { expiresAt, invite, uses } = entry.body;
    const blob = welcome?.invite === invite ? welcome.blob : null;
    const row = { id: invite, mesh: mesh.no, blob, uses_left: uses, ends_at: expiresAt };
    await addInvite(db, row);
  }
  if (entry.type === "join") await countUse(db, mesh.no, { invite: entry.body.invite, at });
  if (entry.type === "invite_revoke") {
    await setWelcome(db, mesh.no, entry.body.invite, null);
  }
  return { result: "appended", seq, head: { seq: entry.seq, hash } };
};
