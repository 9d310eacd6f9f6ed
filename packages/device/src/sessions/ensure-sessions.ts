import { newSessionId } from "@claudemesh/crypto";
import type { DeviceContext } from "../context.ts";
import type { AgentSessionRow } from "../store/agent-session-rows.ts";
import { listMemberships } from "../store/memberships.ts";
import { addSession, lastSessionIn } from "../store/session-rows.ts";
import { restrictionOf } from "./describe-session.ts";
import { drawSecrets } from "./session-keys.ts";

/** Draws id and keys of an agent session in every mesh that it is to be in and is not yet; part of the caller's transaction. */
export function ensureSessions(ctx: DeviceContext, row: AgentSessionRow): void {
  const { store, random, now } = ctx;
  const only = restrictionOf(row);
  for (const { mesh } of listMemberships(store)) {
    if (only !== undefined && !only.includes(mesh)) continue;
    const last = lastSessionIn(store, mesh, row.agent_session);
    if (last !== undefined && last.ended_at === null) continue;
    addSession(store, {
      mesh,
      session: newSessionId(random),
      agent_session: row.agent_session,
      ...drawSecrets(random),
      previous: last?.session ?? null,
      // A session that follows another within a millisecond must come after it.
      created_at: Math.max(now(), (last?.created_at ?? 0) + 1),
    });
  }
}
