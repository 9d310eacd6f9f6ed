import { isOwnVouched, type Vouched, type VouchedNote, vouchedNote } from "@claudemesh/crypto";
import type { MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** How far the chain of a mesh was verified that this home took up on an inviter's word; undefined where it noted nothing under this key. */
export function vouchedOf(store: HomeStore, mesh: MeshId, key: Uint8Array): Vouched | undefined {
  const row = store.get<{ note: string }>("SELECT note FROM roster_vouched WHERE mesh = ?", mesh);
  const note = row && (JSON.parse(row.note) as VouchedNote);
  return note && isOwnVouched(key, mesh, note) ? note : undefined;
}

/** Notes how far it was verified by now. */
export const putVouched = (
  store: HomeStore,
  mesh: MeshId,
  vouched: Vouched,
  key: Uint8Array,
): number =>
  store.write(() =>
    store.run(
      "INSERT INTO roster_vouched (mesh, note) VALUES (?, ?) ON CONFLICT (mesh) DO UPDATE SET note = excluded.note",
      mesh,
      JSON.stringify(vouchedNote(key, mesh, vouched)),
    ),
  );

/** Forgets the note: everything was verified. */
export const dropVouched = (store: HomeStore, mesh: MeshId): number =>
  store.run("DELETE FROM roster_vouched WHERE mesh = ?", mesh);
