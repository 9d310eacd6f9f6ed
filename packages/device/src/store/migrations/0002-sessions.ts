/**
 * Agent sessions, their session in each mesh with its secret keys until it ends, and which session a message is for or from. `told` is 0 while the broker
 * is to be told that a session has ended.
 */
export const sessions = `
CREATE TABLE agent_session (
  agent_session TEXT NOT NULL PRIMARY KEY,
  agent TEXT NOT NULL,
  type TEXT NOT NULL,
  pid INTEGER NOT NULL,
  pid_started_at TEXT,
  cwd TEXT NOT NULL,
  host TEXT NOT NULL,
  model TEXT,
  name TEXT,
  tags TEXT NOT NULL,
  meshes TEXT,
  status TEXT NOT NULL,
  status_source TEXT NOT NULL,
  status_at INTEGER NOT NULL,
  status_heard_at INTEGER NOT NULL,
  summary TEXT,
  visible INTEGER NOT NULL,
  stats TEXT,
  started_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX agent_session_ended ON agent_session (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE session (
  mesh TEXT NOT NULL,
  session TEXT NOT NULL,
  agent_session TEXT NOT NULL,
  sign_secret TEXT,
  seal_secret TEXT,
  attestation TEXT,
  previous TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  told INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (mesh, session)
) STRICT;
CREATE INDEX session_of ON session (agent_session, mesh);
CREATE TABLE device_presence (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  status TEXT, status_at INTEGER, summary TEXT, visible INTEGER
) STRICT;
ALTER TABLE inbox ADD COLUMN to_session TEXT;
ALTER TABLE inbox ADD COLUMN from_session TEXT;
CREATE INDEX inbox_session ON inbox (mesh, to_session) WHERE to_session IS NOT NULL;
ALTER TABLE outbox ADD COLUMN to_session TEXT;
ALTER TABLE outbox ADD COLUMN to_attestation TEXT;
ALTER TABLE outbox ADD COLUMN from_session TEXT;
ALTER TABLE outbox ADD COLUMN agent_session TEXT;
`;
