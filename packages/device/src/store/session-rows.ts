import type { MeshId, SessionId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** The session that an agent session has in one mesh. Its secrets are forgotten when it ends. */
export interface SessionRow {
  readonly mesh: MeshId;
  readonly session: SessionId;
  readonly agent_session: string;
  /** 32 bytes, base64url; null once it has ended */
  readonly sign_secret: string | null;
  readonly seal_secret: string | null;
  /** the newest attestation, JSON */
  readonly attestation: string | null;
  /** the session that the same agent session had before */
  readonly previous: SessionId | null;
  readonly created_at: number;
  readonly ended_at: number | null;
  /** 0 while the broker is to be told of its end */
  readonly told: number;
}

export const getSession = (
  store: HomeStore,
  mesh: MeshId,
  session: SessionId,
): SessionRow | undefined =>
  store.get<SessionRow>("SELECT * FROM session WHERE mesh = ? AND session = ?", mesh, session);

/** The sessions of an agent session that have not ended, one per mesh. */
export const liveSessionsOf = (store: HomeStore, agentSession: string): SessionRow[] =>
  store.all<SessionRow>(
    "SELECT * FROM session WHERE agent_session = ? AND ended_at IS NULL ORDER BY created_at, mesh",
    agentSession,
  );

/** The session that an agent session had last in a mesh, ended or not. */
export const lastSessionIn = (
  store: HomeStore,
  mesh: MeshId,
  agentSession: string,
): SessionRow | undefined =>
  store.get<SessionRow>(
    "SELECT * FROM session WHERE agent_session = ? AND mesh = ? ORDER BY created_at DESC LIMIT 1",
    agentSession,
    mesh,
  );

export const addSession = (
  store: HomeStore,
  row: Pick<
    SessionRow,
    "mesh" | "session" | "agent_session" | "sign_secret" | "seal_secret" | "previous" | "created_at"
  >,
): number =>
  store.run(
    `INSERT INTO session (mesh, session, agent_session, sign_secret, seal_secret, previous, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    row.mesh,
    row.session,
    row.agent_session,
    row.sign_secret,
    row.seal_secret,
    row.previous,
    row.created_at,
  );

export const setAttestation = (
  store: HomeStore,
  { mesh, session }: Pick<SessionRow, "mesh" | "session">,
  attestation: string,
): number =>
  store.run(
    "UPDATE session SET attestation = ? WHERE mesh = ? AND session = ?",
    attestation,
    mesh,
    session,
  );

/** Has every session of a mesh attested anew. */
export const dropAttestations = (store: HomeStore, mesh: MeshId): number =>
  store.run("UPDATE session SET attestation = NULL WHERE mesh = ?", mesh);

/** Ends sessions and forgets their secrets; the brokers are to be told. Answers those that had not ended. */
export const endSessions = (store: HomeStore, agentSession: string, at: number): SessionRow[] =>
  store.all<SessionRow>(
    `UPDATE session SET ended_at = ?, told = 0, sign_secret = NULL, seal_secret = NULL
     WHERE agent_session = ? AND ended_at IS NULL RETURNING *`,
    at,
    agentSession,
  );

/** Ended sessions of which the broker of a mesh was not told. */
export const untoldEnds = (store: HomeStore, mesh: MeshId): SessionRow[] =>
  store.all<SessionRow>(
    "SELECT * FROM session WHERE mesh = ? AND ended_at IS NOT NULL AND told = 0",
    mesh,
  );

export const markTold = (store: HomeStore, mesh: MeshId, session: SessionId): number =>
  store.run("UPDATE session SET told = 1 WHERE mesh = ? AND session = ?", mesh, session);

/** Forgets what ended before `before`. */
export const forgetSessions = (store: HomeStore, before: number): number =>
  store.run("DELETE FROM session WHERE ended_at < ?", before);
