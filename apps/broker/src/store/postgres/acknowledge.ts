import { audienceOf, MeshError } from "@claudemesh/protocol";
import type pg from "pg";
import type { Ack, AckOutcome, LogPosition } from "../port.ts";
import type { MeshHead } from "../writing/log-appender.ts";
import { appendMessages } from "./append-messages.ts";
import type { PostgresLog } from "./log.ts";

/** How many entries one acknowledgement clears at most; the next one goes on. */
const clearedAtOnce = 5000;

/** Moves the cursor forward, never back, clears what every live device has, and appends the receipts. */
export async function acknowledge(
  client: pg.ClientBase,
  log: PostgresLog,
  input: Ack,
): Promise<AckOutcome> {
  const { member, device, at, receipts } = input;
  const mesh = log.head(input.mesh);
  const foreign = receipts.find((receipt) => receipt.mesh !== input.mesh);
  if (foreign !== undefined) {
    throw new MeshError("malformed", `receipt ${foreign.id} is of another mesh`);
  }
  const { rows } = await client.query<{ cursor_seq: number }>({
    name: "cursor",
    text: "SELECT cursor_seq FROM device WHERE mesh = $1 AND member = $2 AND device = $3",
    values: [mesh.no, member, device],
  });
  const row = rows[0];
  if (row === undefined) {
    throw new MeshError("not_found", `device ${device} has not connected to this mesh`);
  }
  const wanted = input.seq ?? row.cursor_seq;
  if (wanted > mesh.headSeq) {
    throw new MeshError("cursor_invalid", `seq ${wanted} is past the end of the log`);
  }
  const seq = Math.max(row.cursor_seq, wanted);
  await client.query({
    name: "move",
    text: "UPDATE device SET cursor_seq = $1, last_seen_at = GREATEST(last_seen_at, $2) WHERE mesh = $3 AND member = $4 AND device = $5",
    values: [seq, at, mesh.no, member, device],
  });
  if (input.seq !== null) await clear(client, mesh, input, seq);
  const position = await positionAt(client, mesh, seq);
  return {
    position,
    receipts: receipts.length === 0 ? [] : await appendMessages(client, log, mesh, receipts),
  };
}

async function positionAt(
  client: pg.ClientBase,
  mesh: MeshHead,
  seq: number,
): Promise<LogPosition> {
  const { rows } = await client.query<{ epoch: string; id: string }>({
    name: "position",
    text: "SELECT epoch, COALESCE((SELECT id FROM log WHERE mesh = mesh.no AND seq = $1), '') AS id FROM mesh WHERE no = $2",
    values: [seq, mesh.no],
  });
  const { epoch, id } = rows[0] as { epoch: string; id: string };
  return { epoch, seq, id };
}

/** Clears only what some device really had: a device that began later passes older entries without having them. */
async function clear(
  client: pg.ClientBase,
  mesh: MeshHead,
  { member, device, at, retiredBefore }: Ack,
  cursor: number,
): Promise<void> {
  await client.query({
    name: "clear",
    text: `UPDATE log SET body = NULL, contents_deleted_at = $1::bigint WHERE mesh = $2 AND seq IN (
      SELECT held.seq FROM log AS held
      WHERE held.mesh = $2 AND held.audience = (SELECT no FROM audience WHERE mesh = $2 AND key = $4) AND held.body IS NOT NULL
        AND held.seq <= (SELECT MIN(cursor_seq) FROM device WHERE mesh = $2 AND member = $3 AND last_seen_at >= $5)
        AND EXISTS (
          SELECT 1 FROM device WHERE device.mesh = $2 AND device.member = $3
            AND device.start_seq < held.seq AND device.cursor_seq >= held.seq)
      ORDER BY held.seq LIMIT $6)`,
    values: [at, mesh.no, member, audienceOf(member), retiredBefore, clearedAtOnce],
  });
  // What was addressed to sessions of a device is read by that device alone.
  await client.query({
    name: "clearSessions",
    text: `UPDATE log SET body = NULL, contents_deleted_at = $1::bigint WHERE mesh = $2 AND seq IN (
      SELECT held.seq FROM session JOIN audience ON audience.mesh = $2 AND audience.key = 's:' || session.session
        JOIN log AS held ON held.mesh = $2 AND held.audience = audience.no AND held.seq <= $5 AND held.body IS NOT NULL
      WHERE session.mesh = $2 AND session.member = $3 AND session.device = $4 LIMIT $6)`,
    values: [at, mesh.no, member, device, cursor, clearedAtOnce],
  });
}
