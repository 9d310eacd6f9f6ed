import type { MeshId, RecordId, RecordSigned, WireOpName } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A write of shared data that the broker has not answered yet, as it is sent: signed, with its id. */
export interface PendingWrite {
  readonly mesh: MeshId;
  readonly id: RecordId;
  readonly op: WireOpName;
  readonly input: Readonly<Record<string, unknown>> & { readonly signed: RecordSigned };
  readonly at: number;
  readonly tries: number;
}

interface Raw extends Omit<PendingWrite, "input"> {
  readonly input: string;
}

const asWrite = (raw: Raw): PendingWrite => ({ ...raw, input: JSON.parse(raw.input) });

/** In the order in which they were written. */
export const pendingWrites = (store: HomeStore, mesh: MeshId): PendingWrite[] =>
  store
    .all<Raw>(
      "SELECT mesh, id, op, input, at, tries FROM pending_write WHERE mesh = ? ORDER BY place",
      mesh,
    )
    .map(asWrite);

export const addPendingWrite = (store: HomeStore, write: Omit<PendingWrite, "tries">): number =>
  store.run(
    "INSERT OR IGNORE INTO pending_write (mesh, id, op, input, at) VALUES (?, ?, ?, ?, ?)",
    write.mesh,
    write.id,
    write.op,
    JSON.stringify(write.input),
    write.at,
  );

/** Puts other bytes in a write's place, as after new keys. */
export const resignPendingWrite = (store: HomeStore, write: PendingWrite): number =>
  store.run(
    "UPDATE pending_write SET input = ? WHERE mesh = ? AND id = ?",
    JSON.stringify(write.input),
    write.mesh,
    write.id,
  );

export const countTry = (store: HomeStore, { mesh, id }: PendingWrite): number =>
  store.run("UPDATE pending_write SET tries = tries + 1 WHERE mesh = ? AND id = ?", mesh, id);

/** Answers 0 where another process was first. */
export const dropPendingWrite = (
  store: HomeStore,
  { mesh, id }: Pick<PendingWrite, "mesh" | "id">,
): number => store.run("DELETE FROM pending_write WHERE mesh = ? AND id = ?", mesh, id);
