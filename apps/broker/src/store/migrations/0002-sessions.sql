-- Sessions outlive the connection and the broker's process: messages to their keys are routed by them until the attestation has been over for as long as a message waits.

CREATE TABLE session (
  mesh BIGINT NOT NULL,
  session TEXT NOT NULL,
  member TEXT NOT NULL,
  device TEXT NOT NULL,
  -- the session's signing key, 64 hex digits
  key TEXT NOT NULL,
  attestation TEXT NOT NULL,
  not_after BIGINT NOT NULL,
  attached_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (mesh, session)
) WITHOUT ROWID;
CREATE INDEX session_device ON session (mesh, member, device);
CREATE INDEX session_key ON session (mesh, key);
CREATE INDEX session_over ON session (not_after);

-- Who answers a thread. The token grows within a mesh and is never given twice.
CREATE TABLE lease (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  thread TEXT NOT NULL,
  token BIGINT NOT NULL,
  device TEXT NOT NULL,
  session TEXT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (mesh, member, thread)
) WITHOUT ROWID;
CREATE UNIQUE INDEX lease_token ON lease (mesh, token);
CREATE INDEX lease_session ON lease (mesh, session);
CREATE INDEX lease_over ON lease (until);
