import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { type DevicePresence, putDevicePresence } from "../store/device-presence.ts";
import type { AgentSession, SessionChange } from "./agent-session.ts";

/** Applies a change to the agent session that asks for it; asked by a person, to every session of this home and to the device as a whole. Throws `not_found` for an unknown session, but keeps its status for when it starts. */
export function actOn(
  ctx: DeviceContext,
  change: SessionChange,
  ofDevice: Partial<DevicePresence>,
): { readonly of: "session" | "device"; readonly changed: readonly AgentSession[] } {
  const { agentSession, sessions, store } = ctx;
  if (agentSession !== undefined) {
    const changed = sessions.update(agentSession, change);
    if (changed === undefined && change.status === undefined) {
      throw new MeshError("not_found", "this agent session is not registered here", {
        hint: "it is registered by its first hook; try again after the next one",
      });
    }
    return { of: "session", changed: changed === undefined ? [] : [changed] };
  }
  store.write(() => putDevicePresence(store, ofDevice));
  const changed = sessions
    .list()
    .flatMap(({ agentSession: id }) => sessions.update(id, change) ?? []);
  sessions.changed();
  return { of: "device", changed };
}
