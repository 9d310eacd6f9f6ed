import type { MeshId } from "@claudemesh/protocol";
import { type DevicePresence, getDevicePresence } from "./device-presence.ts";
import type { HomeStore } from "./home-store.ts";

/** What was said of an agent session for one mesh alone; `device` stands for the device as a whole. */
export const device = "";

const nothing: DevicePresence = { status: null, status_at: null, summary: null, visible: null };

export const presenceIn = (store: HomeStore, mesh: MeshId, agentSession: string): DevicePresence =>
  store.get<DevicePresence>(
    "SELECT status, status_at, summary, visible FROM presence_in_mesh WHERE mesh = ? AND agent_session = ?",
    mesh,
    agentSession,
  ) ?? nothing;

export function putPresenceIn(
  store: HomeStore,
  mesh: MeshId,
  agentSession: string,
  change: Partial<DevicePresence>,
): void {
  const said = { ...presenceIn(store, mesh, agentSession), ...change };
  store.run(
    `INSERT OR REPLACE INTO presence_in_mesh (mesh, agent_session, status, status_at, summary, visible)
     VALUES (?, ?, ?, ?, ?, ?)`,
    ...[mesh, agentSession, said.status, said.status_at, said.summary, said.visible],
  );
}

/** What is said for every mesh holds in every mesh again: of one agent session, or of all and the device. */
export function dropPresenceIn(
  store: HomeStore,
  agentSession: string | undefined,
  said: Partial<DevicePresence>,
): void {
  for (const field of ["status", "status_at", "summary", "visible"] as const) {
    if (said[field] === undefined) continue;
    store.run(
      `UPDATE presence_in_mesh SET ${field} = NULL WHERE ?1 IS NULL OR agent_session = ?1`,
      agentSession ?? null,
    );
  }
}

/** What holds of the device in one mesh: what was said for that mesh, else what holds in all. */
export function devicePresenceIn(store: HomeStore, mesh: MeshId): DevicePresence {
  const [all, here] = [getDevicePresence(store), presenceIn(store, mesh, device)];
  const isNewer = here.status !== null && (here.status_at ?? 0) >= (all.status_at ?? 0);
  return {
    ...(isNewer ? here : all),
    summary: here.summary ?? all.summary,
    visible: here.visible ?? all.visible,
  };
}
