import type { MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** A folder of this machine that peers of a mesh may read. */
export interface SharedFolderRow {
  readonly mesh: MeshId;
  readonly path: string;
  readonly dotfiles: number;
  readonly at: number;
}

export const sharedFolder = (store: HomeStore, mesh: MeshId): SharedFolderRow | undefined =>
  store.get<SharedFolderRow>("SELECT * FROM shared_folder WHERE mesh = ?", mesh);

export const sharedFolders = (store: HomeStore): SharedFolderRow[] =>
  store.all<SharedFolderRow>("SELECT * FROM shared_folder ORDER BY at, mesh");

export function putSharedFolder(store: HomeStore, row: SharedFolderRow): void {
  store.run(
    "INSERT OR REPLACE INTO shared_folder (mesh, path, dotfiles, at) VALUES (?, ?, ?, ?)",
    ...[row.mesh, row.path, row.dotfiles, row.at],
  );
}

export const dropSharedFolder = (store: HomeStore, mesh: MeshId): number =>
  store.run("DELETE FROM shared_folder WHERE mesh = ?", mesh);
