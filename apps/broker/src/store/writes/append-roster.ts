import type { RosterEntry } from "@claudemesh/protocol";
import type { AudienceMove } from "../port.ts";
import { addInvite, countUse, setWelcome } from "../queries/invites.ts";
import { dropJobsOf } from "../queries/jobs.ts";
import { insertRosterEntry, moveTail, rosterTail } from "../queries/roster.ts";
import { appendMoving } from "../writing/append-moving.ts";
import { beginKeys } from "../writing/begin-keys.ts";
import { keepProfile, leavingMoves, returningMoves } from "../writing/keep-profile.ts";
import type { MeshHead } from "../writing/log-appender.ts";
import { followInTopics, privateTopicMoves } from "../writing/private-topics.ts";
import { rosterEntry } from "../writing/statement-entries.ts";
import type { WriteContext, WriteFn } from "../writing/write-context.ts";

export const appendRoster: WriteFn<"appendRoster"> = async (context, input) => {
  const { db, log } = context;
  const { entry, hash, profile, welcome, at } = input;
  const mesh = log.head(input.mesh);
  const { head, isUnconfirmed } = await rosterTail(db, mesh.no);
  if (isUnconfirmed !== (input.restored !== undefined)) {
    return { result: isUnconfirmed ? "unconfirmed" : "confirmed" };
  }
  if (entry.seq !== head.seq + 1 || entry.prev !== head.hash) return { result: "conflict", head };

  const missing = await beginKeys(context, mesh.no, input);
  if (missing.length > 0) return { result: "uncovered", missing };
  const moves = await movesOf(context, mesh, entry);
  const seq = await appendMoving(context, mesh, rosterEntry(input, input), moves);
  await insertRosterEntry(db, {
    mesh: mesh.no,
    seq: entry.seq,
    hash,
    log_seq: seq,
    entry: JSON.stringify(entry),
  });
  await moveTail(db, mesh.no, input);
  if (profile !== undefined) await keepProfile(context, mesh, profile, input);
  await followInTopics(context, mesh, entry, input);
  if (entry.type === "remove") await dropJobsOf(db, mesh.no, entry.body.member);
  if (entry.type === "invite") {
    const { expiresAt, invite, uses } = entry.body;
    const { blob = null, head = null } = welcome?.invite === invite ? welcome : {};
    const row = { id: invite, mesh: mesh.no, blob, head, uses_left: uses, ends_at: expiresAt };
    await addInvite(db, row);
  }
  if (entry.type === "join") await countUse(db, mesh.no, { invite: entry.body.invite, at });
  if (entry.type === "invite_revoke") {
    await setWelcome(db, mesh.no, entry.body.invite, { blob: null, head: null });
  }
  return { result: "appended", seq, head: { seq: entry.seq, hash } };
};

/** Whose view of the log changes with a roster entry. */
async function movesOf(
  context: WriteContext,
  mesh: MeshHead,
  entry: RosterEntry,
): Promise<AudienceMove[]> {
  if (entry.type === "remove") return await leavingMoves(context, mesh, entry.body.member);
  if (entry.type === "restore") return await returningMoves(context, mesh, entry.body.member);
  return privateTopicMoves(entry);
}
