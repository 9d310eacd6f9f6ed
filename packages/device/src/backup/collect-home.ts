import { toBase64 } from "@claudemesh/crypto";
import type { BackupContents, HomeRow, MeshBackup, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { ringOf } from "../keys/ring-of.ts";
import { listMemberships, type MembershipRow } from "../store/memberships.ts";
import { rosterEntries } from "../store/roster-entries.ts";
import { carriedTables, readersTable } from "./carried-tables.ts";

/** Everything of this home that another one needs to go on as the same person, as it is at one moment; of each mesh's tables what `tables` says. Secret. */
export const collectHome = (
  ctx: DeviceContext,
  tables: readonly string[] = [...Object.keys(carriedTables), readersTable],
): BackupContents =>
  ctx.store.write(() => ({
    v: 1,
    at: Math.round(ctx.now()),
    seed: toBase64(ctx.seed()),
    ...earlierOf(ctx),
    generations: ctx.store
      .all<{ mesh: MeshId; next: number }>("SELECT mesh, next FROM key_generation ORDER BY mesh")
      .map(({ mesh, next }) => ({ mesh, next })),
    meshes: listMemberships(ctx.store).map((row) => collectMesh(ctx, row, tables)),
  }));

function earlierOf(ctx: DeviceContext): { earlier?: string[] } {
  const earlier = ctx.earlierSeeds().map((seed) => toBase64(seed));
  return earlier.length === 0 ? {} : { earlier };
}

function collectMesh(
  ctx: DeviceContext,
  row: MembershipRow,
  tables: readonly string[],
): MeshBackup {
  const { mesh } = row;
  return {
    mesh,
    broker: row.broker,
    member: row.member,
    generation: row.generation,
    founderNonce: row.founder_nonce,
    signKey: row.sign_key,
    slug: row.slug,
    displayName: row.display_name,
    joinedAt: row.joined_at,
    cursor: row.cursor,
    roster: rosterEntries(ctx.store, mesh, -1),
    places: ctx.store
      .all<{ seq: number; log_seq: number }>(
        "SELECT seq, log_seq FROM roster_entry WHERE mesh = ? AND log_seq IS NOT NULL ORDER BY seq",
        mesh,
      )
      .map(({ seq, log_seq: logSeq }) => ({ seq, logSeq })),
    ring: JSON.parse(ringOf(ctx, mesh).serialize()),
    tables: Object.fromEntries(tables.map((table) => [table, rowsOf(ctx, table, mesh)])),
  };
}

function rowsOf({ store }: DeviceContext, table: string, mesh: MeshId): HomeRow[] {
  if (table === readersTable) {
    return store.all<HomeRow>(
      `SELECT r.* FROM ${table} r JOIN outbox o ON o.id = r.message WHERE o.mesh = ?
       ORDER BY r.message, r.member`,
      mesh,
    );
  }
  const rows = store.all<HomeRow>(`SELECT * FROM ${table} WHERE mesh = ? ORDER BY rowid`, mesh);
  return rows.map(({ mesh: _, ...row }) => row);
}
