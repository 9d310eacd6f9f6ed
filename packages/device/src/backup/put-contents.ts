import type { SQLInputValue } from "node:sqlite";
import { newDeviceId } from "@claudemesh/crypto";
import type { BackupContents, DeviceId, HomeRow, MeshBackup, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { HomeStore } from "../store/home-store.ts";
import { addMembership, setCursor } from "../store/memberships.ts";
import { addRingRow } from "../store/ring-rows.ts";
import { addRosterEntries } from "../store/roster-entries.ts";
import { type Change, carriedTables, readersTable } from "./carried-tables.ts";

/** Which device a home is in each mesh; drawn where nothing is said. */
export type DeviceIds = ReadonlyMap<MeshId, DeviceId>;

/** Puts checked contents into an empty home, under a device id of its own in each mesh. Part of the caller's transaction. */
export function putContents(
  ctx: DeviceContext,
  { generations, meshes }: BackupContents,
  ids: DeviceIds = new Map(),
): void {
  for (const one of meshes) putMesh(ctx, one, ids.get(one.mesh) ?? newDeviceId(ctx.random));
  for (const { mesh, next } of generations) {
    ctx.store.run(
      `INSERT INTO key_generation (mesh, next) VALUES (?, ?)
       ON CONFLICT (mesh) DO UPDATE SET next = max(next, excluded.next)`,
      mesh,
      next,
    );
  }
}

function putMesh(ctx: DeviceContext, one: MeshBackup, device: DeviceId): void {
  const { store } = ctx;
  const { mesh } = one;
  addMembership(store, {
    mesh,
    broker: one.broker,
    member: one.member,
    generation: one.generation,
    founder_nonce: one.founderNonce,
    sign_key: one.signKey,
    device,
    slug: one.slug,
    display_name: one.displayName,
    joined_at: one.joinedAt,
    used_at: one.joinedAt,
  });
  if (one.cursor !== null) setCursor(store, mesh, one.cursor);
  addRosterEntries(store, mesh, one.roster);
  for (const { seq, logSeq } of one.places) {
    store.run("UPDATE roster_entry SET log_seq = ? WHERE mesh = ? AND seq = ?", logSeq, mesh, seq);
  }
  for (const key of [...one.ring.epochs, ...one.ring.topics]) addRingRow(store, mesh, key);
  for (const [table, change] of Object.entries(carriedTables)) {
    putRows(store, table, one, change);
  }
  putRows(store, readersTable, one, null);
}

/** Columns come from this home's own schema: what an older or newer home had besides is left out. */
function putRows(
  store: HomeStore,
  table: string,
  { mesh, tables }: MeshBackup,
  change: Change | null,
): void {
  const columns = store.all<{ name: string }>(`PRAGMA table_info(${table})`);
  for (const carried of tables[table] ?? []) {
    const row: HomeRow = { ...(change === null ? carried : change(carried)), mesh };
    const named = columns.map(({ name }) => name).filter((name) => row[name] !== undefined);
    const marks = named.map(() => "?").join(", ");
    store.run(
      `INSERT INTO ${table} (${named.join(", ")}) VALUES (${marks})`,
      ...named.map((name) => row[name] as SQLInputValue),
    );
  }
}
