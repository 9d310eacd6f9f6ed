import type { MeshId, SessionId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { liveSessionsOf } from "../store/session-rows.ts";

/** The sessions of the agent session for which a call is made; none where it is made for a person. */
export const callersSessions = ({ agentSession, store }: DeviceContext): SessionId[] =>
  agentSession === undefined
    ? []
    : liveSessionsOf(store, agentSession).map(({ session }) => session);

/** The meshes in which the agent session that makes a call has hidden itself from others. A person always sees what came. */
export const callerHiddenIn = ({ agentSession, sessions }: DeviceContext): MeshId[] =>
  agentSession === undefined
    ? []
    : (sessions.get(agentSession)?.meshes ?? []).flatMap(({ mesh, visible }) =>
        visible ? [] : [mesh],
      );
