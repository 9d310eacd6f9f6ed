import type { DatabaseSync, StatementSync } from "node:sqlite";
import { audienceOf, MeshError } from "@claudemesh/protocol";
import type { Ack, LogPosition } from "../port.ts";
import type { MeshHead } from "../writing/log-appender.ts";
import type { LogWriter } from "./log.ts";

/** How many entries one acknowledgement clears at most; the next one goes on. */
const clearedAtOnce = 5000;

export const cursorSql = {
  cursor: "SELECT cursor_seq FROM device WHERE mesh = ? AND member = ? AND device = ?",
  slowest:
    "SELECT MIN(cursor_seq) AS seq FROM device WHERE mesh = ? AND member = ? AND last_seen_at >= ?",
  /** Only what some device really had: a device that began later passes older entries without having them. */
  clear: `UPDATE log SET body = NULL, contents_deleted_at = :at WHERE mesh = :mesh AND seq IN (
    SELECT held.seq FROM log AS held
    WHERE held.mesh = :mesh AND held.audience = (SELECT no FROM audience WHERE mesh = :mesh AND key = :audience) AND held.seq <= :upTo AND held.body IS NOT NULL
      AND EXISTS (
        SELECT 1 FROM device WHERE device.mesh = :mesh AND device.member = :member
          AND device.start_seq < held.seq AND device.cursor_seq >= held.seq)
    ORDER BY held.seq LIMIT :limit)`,
  /** What was addressed to sessions of a device is read by that device alone. */
  clearSessions: `UPDATE log SET body = NULL, contents_deleted_at = :at WHERE mesh = :mesh AND seq IN (
    SELECT held.seq FROM session CROSS JOIN audience ON audience.mesh = :mesh AND audience.key = 's:' || session.session
      CROSS JOIN log AS held ON held.mesh = :mesh AND held.audience = audience.no AND held.seq <= :upTo AND held.body IS NOT NULL
    WHERE session.mesh = :mesh AND session.member = :member AND session.device = :device LIMIT :limit)`,
} as const;

/** Devices' cursors and the deletion that follows them, on statements that stay prepared. */
export class Cursors {
  readonly #log: LogWriter;
  readonly #cursor: StatementSync;
  readonly #move: StatementSync;
  readonly #slowest: StatementSync;
  readonly #clear: StatementSync;
  readonly #clearSessions: StatementSync;
  readonly #position: StatementSync;

  constructor(db: DatabaseSync, log: LogWriter) {
    this.#log = log;
    this.#cursor = db.prepare(cursorSql.cursor);
    this.#move = db.prepare(
      "UPDATE device SET cursor_seq = ?, last_seen_at = MAX(last_seen_at, ?) WHERE mesh = ? AND member = ? AND device = ?",
    );
    this.#slowest = db.prepare(cursorSql.slowest);
    this.#clear = db.prepare(cursorSql.clear);
    this.#clearSessions = db.prepare(cursorSql.clearSessions);
    this.#position = db.prepare(
      "SELECT epoch, COALESCE((SELECT id FROM log WHERE mesh = mesh.no AND seq = ?), '') AS id FROM mesh WHERE no = ?",
    );
  }

  /** Moves the cursor forward, never back, and clears what every live device has; answers where the cursor stands. */
  acknowledge(input: Ack): { readonly mesh: MeshHead; readonly position: LogPosition } {
    const { member, device, at } = input;
    const mesh = this.#log.head(input.mesh);
    const row = this.#cursor.get(mesh.no, member, device) as { cursor_seq: number } | undefined;
    if (row === undefined) {
      throw new MeshError("not_found", `device ${device} has not connected to this mesh`);
    }
    const wanted = input.seq ?? row.cursor_seq;
    if (wanted > mesh.headSeq) {
      throw new MeshError("cursor_invalid", `seq ${wanted} is past the end of the log`);
    }
    const seq = Math.max(row.cursor_seq, wanted);
    this.#move.run(seq, at, mesh.no, member, device);
    if (input.seq !== null) {
      this.#clearUpToSlowest(mesh, input);
      const own = { at, mesh: mesh.no, member, device };
      this.#clearSessions.run({ ...own, upTo: seq, limit: clearedAtOnce });
    }
    const { epoch, id } = this.#position.get(seq, mesh.no) as { epoch: string; id: string };
    return { mesh, position: { epoch, seq, id } };
  }

  #clearUpToSlowest(mesh: MeshHead, { member, at, retiredBefore }: Ack): void {
    const slowest = this.#slowest.get(mesh.no, member, retiredBefore) as { seq: number | null };
    if (slowest.seq === null) return;
    this.#clear.run({
      at,
      mesh: mesh.no,
      member,
      audience: audienceOf(member),
      upTo: slowest.seq,
      limit: clearedAtOnce,
    });
  }
}
