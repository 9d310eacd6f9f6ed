import type { MeshId, SessionInfo, SessionStats } from "@claudemesh/protocol";
import type { AgentSessionRow } from "../store/agent-session-rows.ts";
import type { DevicePresence } from "../store/device-presence.ts";
import type { HomeStore } from "../store/home-store.ts";
import { presenceIn } from "../store/presence-in-mesh.ts";
import { liveSessionsOf, type SessionRow } from "../store/session-rows.ts";
import type { AgentSession } from "./agent-session.ts";
import type { Standing } from "./status-engine.ts";

/** The meshes that an agent session is restricted to; undefined for all. */
export const restrictionOf = ({ meshes }: AgentSessionRow): readonly MeshId[] | undefined =>
  meshes === null ? undefined : (JSON.parse(meshes) as MeshId[]);

export const standingOf = (row: AgentSessionRow): Standing => ({
  status: row.status,
  source: row.status_source,
  since: row.status_at,
  heardAt: row.status_heard_at,
});

export const statusColumns = ({ status, source, since, heardAt }: Standing) => ({
  status,
  status_source: source,
  status_at: since,
  status_heard_at: heardAt,
});

const tagsOf = ({ tags }: AgentSessionRow): string[] => JSON.parse(tags) as string[];

const statsOf = ({ stats }: AgentSessionRow): SessionStats | undefined =>
  stats === null ? undefined : (JSON.parse(stats) as SessionStats);

/** As it is shown inside this home. */
export function describeSession(store: HomeStore, row: AgentSessionRow): AgentSession {
  const stats = statsOf(row);
  return {
    agentSession: row.agent_session,
    agent: row.agent,
    pid: row.pid,
    pidStartedAt: row.pid_started_at ?? undefined,
    cwd: row.cwd,
    host: row.host,
    ...(row.model === null ? {} : { model: row.model }),
    startedAt: row.started_at,
    lastSeenAt: row.last_seen_at,
    meshes: liveSessionsOf(store, row.agent_session).map(({ mesh, session }) => {
      const { status, visible } = inMesh(row, presenceIn(store, mesh, row.agent_session));
      return { mesh, session, status, visible };
    }),
    status: row.status,
    statusSource: row.status_source,
    ...(row.summary === null ? {} : { summary: row.summary }),
    visible: row.visible === 1,
    tags: tagsOf(row),
    ...(row.name === null ? {} : { name: row.name }),
    ...(stats === undefined ? {} : { stats }),
  };
}

/** What holds of an agent session in one mesh: what was said for that mesh, a status only until it changes, else what holds in all. */
function inMesh(row: AgentSessionRow, said: DevicePresence) {
  const { status, status_at: at } = said;
  const isNewer = status !== null && at !== null && at >= row.status_at;
  return {
    ...(isNewer
      ? { status, source: "manual" as const, at }
      : { status: row.status, source: row.status_source, at: row.status_at }),
    summary: said.summary ?? row.summary,
    visible: (said.visible ?? row.visible) === 1,
  };
}

/** As its mesh is told of it. `aheadMs` is how far the broker's clock is ahead. */
export function presenceOf(
  row: AgentSessionRow,
  { previous }: SessionRow,
  aheadMs: number,
  said: DevicePresence,
): SessionInfo {
  const stats = statsOf(row);
  const { at, source, status, summary, visible } = inMesh(row, said);
  return {
    type: row.type,
    agent: row.agent,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.name === null ? {} : { name: row.name }),
    cwd: row.cwd,
    host: row.host,
    tags: tagsOf(row),
    ...(summary === null ? {} : { summary }),
    visible,
    status: { status, source, at: Math.max(0, Math.round(at + aheadMs)) },
    ...(stats === undefined ? {} : { stats }),
    ...(previous === null ? {} : { previous }),
  };
}
