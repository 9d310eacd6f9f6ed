import type { MeshId } from "@claudemesh/protocol";
import type { AgentSession } from "../sessions/agent-session.ts";
import type { Candidate } from "./choose-session.ts";

/** The live agent sessions that are in a mesh, as the choice sees them. */
export const candidatesIn = (
  mesh: MeshId,
  sessions: readonly AgentSession[],
  canPush: (agentSession: string) => boolean,
): Candidate[] =>
  sessions.flatMap(({ agentSession, status, lastSeenAt, meshes }) => {
    const session = meshes.find((one) => one.mesh === mesh)?.session;
    if (session === undefined) return [];
    return [{ agentSession, session, status, lastSeenAt, canPush: canPush(agentSession) }];
  });
