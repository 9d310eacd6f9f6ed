import type { SessionStatus } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** What a person said of this device as a whole; it holds for the device without sessions, and for sessions that start. */
export interface DevicePresence {
  readonly status: SessionStatus | null;
  readonly status_at: number | null;
  readonly summary: string | null;
  readonly visible: number | null;
}

const nothing: DevicePresence = { status: null, status_at: null, summary: null, visible: null };

export const getDevicePresence = (store: HomeStore): DevicePresence =>
  store.get<DevicePresence>(
    "SELECT status, status_at, summary, visible FROM device_presence WHERE id = 1",
  ) ?? nothing;

export function putDevicePresence(store: HomeStore, change: Partial<DevicePresence>): void {
  const { status, status_at, summary, visible } = { ...getDevicePresence(store), ...change };
  store.run(
    "INSERT OR REPLACE INTO device_presence (id, status, status_at, summary, visible) VALUES (1, ?, ?, ?, ?)",
    status,
    status_at,
    summary,
    visible,
  );
}
