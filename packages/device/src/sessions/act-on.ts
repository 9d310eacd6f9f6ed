import { MeshError, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { type DevicePresence, putDevicePresence } from "../store/device-presence.ts";
import { device, dropPresenceIn, putPresenceIn } from "../store/presence-in-mesh.ts";
import type { AgentSession, SessionChange } from "./agent-session.ts";

/** Applies a change to the agent session that asks for it; asked by a person, to every session of this home and to the device as a whole. Throws `not_found` for an unknown session, but keeps its status for when it starts. */
export function actOn(
  ctx: DeviceContext,
  change: SessionChange,
  ofDevice: Partial<DevicePresence>,
): { readonly of: "session" | "device"; readonly changed: readonly AgentSession[] } {
  const { agentSession, sessions, store } = ctx;
  if (agentSession !== undefined) {
    store.write(() => dropPresenceIn(store, agentSession, ofDevice));
    const changed = sessions.update(agentSession, change);
    if (changed === undefined && change.status === undefined) throw notHere();
    return { of: "session", changed: changed === undefined ? [] : [changed] };
  }
  store.write(() => {
    dropPresenceIn(store, undefined, ofDevice);
    putDevicePresence(store, ofDevice);
  });
  const changed = sessions
    .list()
    .flatMap(({ agentSession: id }) => sessions.update(id, change) ?? []);
  sessions.changed();
  return { of: "device", changed };
}

/** As `actOn`, in one mesh alone: of all that is there the mesh is told otherwise. Throws `not_found` for an unknown session. */
export function actInMesh(
  { agentSession, sessions, store }: DeviceContext,
  mesh: MeshId,
  said: Partial<DevicePresence>,
): { readonly of: "session" | "device"; readonly changed: readonly AgentSession[] } {
  const all = sessions.list().filter(({ meshes }) => meshes.some((one) => one.mesh === mesh));
  const changed =
    agentSession === undefined ? all : all.filter((one) => one.agentSession === agentSession);
  if (agentSession !== undefined && changed.length === 0) throw notHere();
  store.write(() => {
    for (const one of changed) putPresenceIn(store, mesh, one.agentSession, said);
    if (agentSession === undefined) putPresenceIn(store, mesh, device, said);
  });
  sessions.changed();
  return { of: agentSession === undefined ? "device" : "session", changed };
}

const notHere = (): MeshError =>
  new MeshError("not_found", "this agent session is not registered here", {
    hint: "it is registered by its first hook; try again after the next one",
  });
