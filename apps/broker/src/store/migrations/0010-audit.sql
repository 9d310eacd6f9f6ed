-- Who changed what: one chain per mesh, each row with the hash of the one before it. A body is canonical JSON and says nothing of what messages say.
CREATE TABLE audit (
  mesh BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  hash TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (mesh, seq)
) WITHOUT ROWID;
CREATE INDEX audit_at ON audit (at);

-- Where each chain ends, and the signed statement of the last row that is not kept any more.
CREATE TABLE audit_chain (
  mesh BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  anchor TEXT
);
