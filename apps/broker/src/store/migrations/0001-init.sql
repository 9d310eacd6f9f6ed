-- Times are integer milliseconds, ids and JSON are text. `mesh` is the mesh's short number, which keeps rows and indexes small.
-- What every message touches is ordered by time where it can be, so that a batch of messages changes few pages.

CREATE TABLE mesh (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  slug TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  epoch TEXT NOT NULL,
  epoch_base BIGINT NOT NULL,
  head_seq BIGINT NOT NULL,
  barrier_seq BIGINT NOT NULL,
  roster_seq BIGINT NOT NULL,
  roster_hash TEXT NOT NULL
);

CREATE TABLE audience (
  no INTEGER PRIMARY KEY,
  mesh BIGINT NOT NULL,
  key TEXT NOT NULL,
  UNIQUE (mesh, key)
);

CREATE TABLE log (
  mesh BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  sender TEXT,
  audience BIGINT NOT NULL,
  at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  contents_deleted_at BIGINT,
  expired BIGINT NOT NULL DEFAULT 0,
  body TEXT,
  PRIMARY KEY (mesh, seq)
);
CREATE INDEX log_held ON log (mesh, audience, seq) WHERE body IS NOT NULL;
CREATE INDEX log_expiry ON log (expires_at) WHERE body IS NOT NULL;
CREATE INDEX log_message ON log (mesh, id) WHERE kind = 'message';

CREATE TABLE idempotency (
  mesh BIGINT NOT NULL,
  id TEXT NOT NULL,
  sender TEXT NOT NULL,
  digest TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (mesh, id, sender)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE roster (
  mesh BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  log_seq BIGINT NOT NULL,
  entry TEXT NOT NULL,
  PRIMARY KEY (mesh, seq)
);

CREATE TABLE profile (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  version BIGINT NOT NULL,
  hash TEXT NOT NULL,
  statement TEXT NOT NULL,
  PRIMARY KEY (mesh, member)
);

CREATE TABLE device (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  device TEXT NOT NULL,
  start_seq BIGINT NOT NULL,
  cursor_seq BIGINT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  PRIMARY KEY (mesh, member, device)
) WITHOUT ROWID;

CREATE TABLE invite (
  id TEXT NOT NULL PRIMARY KEY,
  mesh BIGINT NOT NULL,
  blob TEXT,
  uses_left BIGINT NOT NULL,
  -- when it stops letting people in, or let the last one in
  ends_at BIGINT NOT NULL
);
CREATE INDEX invite_held ON invite (ends_at) WHERE blob IS NOT NULL;
