import type { DeviceHandler } from "../../handler.ts";
import { getMembership } from "../../store/memberships.ts";
import { sharedFolders } from "../../store/shared-folder-rows.ts";

/** The folders that peers may read, by mesh. */
export const shared: DeviceHandler<"peerfile.shared"> = async (_input, { store }) => ({
  items: sharedFolders(store).map(({ mesh, path, dotfiles, at }) => ({
    mesh: getMembership(store, mesh)?.slug ?? mesh,
    ...{ path, dotfiles: dotfiles === 1, at },
  })),
});
