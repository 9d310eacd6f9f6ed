import type { MeshId } from "@claudemesh/protocol";
import type { AgentSession } from "../sessions/agent-session.ts";
import { queuedAt } from "../store/hand-over-rows.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import type { Candidate } from "./choose-session.ts";

/** The live agent sessions that are in a mesh, as the choice sees them. */
export const candidatesIn = (
  mesh: MeshId,
  sessions: readonly AgentSession[],
  canPush: (agentSession: string) => boolean,
): Candidate[] =>
  sessions.flatMap(({ agentSession, lastSeenAt, meshes }) => {
    const there = meshes.find((one) => one.mesh === mesh);
    if (there === undefined) return [];
    const { session, status, visible } = there;
    const reach = canPush(agentSession);
    return [{ agentSession, session, status, lastSeenAt, canPush: reach, isHidden: !visible }];
  });

/**
 * Those that a message is for: never the session that wrote it, and of a broadcast none that hides itself. What may wait in one session's own queue is for that one as long
 * as it lives: another would be shown it a second time.
 */
export function candidatesFor(
  row: InboxRow,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const { own, from_session: wrote, kind } = row;
  const queued = queuedAt(row);
  const there = candidates.filter(({ agentSession }) => agentSession === queued);
  if (there.length > 0) return there;
  return own === 0 && kind !== "broadcast"
    ? candidates
    : candidates.filter(
        ({ session, isHidden = false }) =>
          !(own === 1 && session === wrote) && !(kind === "broadcast" && isHidden),
      );
}
