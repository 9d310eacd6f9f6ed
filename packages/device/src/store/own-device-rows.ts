import type { DeviceId, MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** How a device of one's own came to be known here; `unknown` is what nobody has linked from here. */
export type KnownOrigin = "known" | "linked" | "revoked" | "unknown";

export interface OwnDeviceRow {
  readonly mesh: MeshId;
  readonly device: DeviceId;
  readonly origin: KnownOrigin;
  readonly at: number;
}

export const ownDevices = (store: HomeStore, mesh: MeshId): OwnDeviceRow[] =>
  store.all<OwnDeviceRow>("SELECT * FROM own_device WHERE mesh = ?", mesh);

/** Whether this member has, or had, other devices than this one. */
export const hasSiblings = (store: HomeStore, mesh: MeshId, self: DeviceId): boolean =>
  store.get("SELECT 1 FROM own_device WHERE mesh = ? AND device <> ? LIMIT 1", mesh, self) !==
  undefined;

/** Every device but this one has keys that count no more. */
export const shutOutOthers = (store: HomeStore, mesh: MeshId, self: DeviceId): number =>
  store.run("UPDATE own_device SET origin = 'revoked' WHERE mesh = ? AND device <> ?", mesh, self);

/** Remembers a device of one's own; one that is known stays what it is. Answers whether it was new. */
export const addOwnDevice = (store: HomeStore, row: OwnDeviceRow): boolean =>
  store.run(
    "INSERT OR IGNORE INTO own_device (mesh, device, origin, at) VALUES (?, ?, ?, ?)",
    row.mesh,
    row.device,
    row.origin,
    row.at,
  ) > 0;
