import type { PeerType, SessionStatus, StatusSource } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** One run of an agent program; kept for a while after its end, for when it returns. */
export interface AgentSessionRow {
  readonly agent_session: string;
  readonly agent: string;
  readonly type: PeerType;
  readonly pid: number;
  readonly pid_started_at: string | null;
  readonly cwd: string;
  readonly host: string;
  readonly model: string | null;
  readonly name: string | null;
  /** JSON array */
  readonly tags: string;
  /** JSON array of the meshes it is restricted to; null for all */
  readonly meshes: string | null;
  readonly status: SessionStatus;
  readonly status_source: StatusSource;
  /** since when it has this status */
  readonly status_at: number;
  /** when a source last said so */
  readonly status_heard_at: number;
  readonly summary: string | null;
  readonly visible: number;
  /** JSON */
  readonly stats: string | null;
  readonly started_at: number;
  readonly last_seen_at: number;
  readonly ended_at: number | null;
}

const columns = [
  "agent_session",
  "agent",
  "type",
  "pid",
  "pid_started_at",
  "cwd",
  "host",
  "model",
  "name",
  "tags",
  "meshes",
  "status",
  "status_source",
  "status_at",
  "status_heard_at",
  "summary",
  "visible",
  "stats",
  "started_at",
  "last_seen_at",
  "ended_at",
] as const satisfies readonly (keyof AgentSessionRow)[];

const putSql = `INSERT OR REPLACE INTO agent_session (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;

export const getAgentSession = (
  store: HomeStore,
  agentSession: string,
): AgentSessionRow | undefined =>
  store.get<AgentSessionRow>("SELECT * FROM agent_session WHERE agent_session = ?", agentSession);

/** Writes a whole row. */
export const putAgentSession = (store: HomeStore, row: AgentSessionRow): number =>
  store.run(putSql, ...columns.map((column) => row[column]));

/** Those that have not ended, the longest running first. */
export const liveAgentSessions = (store: HomeStore): AgentSessionRow[] =>
  store.all<AgentSessionRow>(
    "SELECT * FROM agent_session WHERE ended_at IS NULL ORDER BY started_at, agent_session",
  );

/** Forgets what ended before `before`. */
export function forgetAgentSessions(store: HomeStore, before: number): number {
  const forgotten = store.run("DELETE FROM agent_session WHERE ended_at < ?", before);
  if (forgotten > 0) {
    store.run(
      `DELETE FROM presence_in_mesh WHERE agent_session <> ''
         AND agent_session NOT IN (SELECT agent_session FROM agent_session)`,
    );
  }
  return forgotten;
}
