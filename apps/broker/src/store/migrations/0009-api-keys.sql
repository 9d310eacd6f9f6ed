-- Keys of programs that speak HTTP. Of the secret only its SHA-256 is here; a revoked or expired key stays, so that what it posted can be told.

CREATE TABLE api_key (
  mesh BIGINT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  -- the member for whom it acts, and with whose rights at most
  owner TEXT NOT NULL,
  capabilities TEXT NOT NULL,
  -- JSON array of topics; NULL is the whole mesh
  topics TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  used_at BIGINT,
  PRIMARY KEY (mesh, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX api_key_hash ON api_key (hash);

-- What a key's command was answered, by the idempotency key that came with it.
CREATE TABLE api_answer (
  mesh BIGINT NOT NULL,
  api_key TEXT NOT NULL,
  idempotency TEXT NOT NULL,
  digest TEXT NOT NULL,
  output TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (mesh, api_key, idempotency)
) WITHOUT ROWID;
CREATE INDEX api_answer_at ON api_answer (at);
