-- Shared files: what the broker knows of each, and who fetched it. The ciphertext lies in the blob store, under mesh and file.

CREATE TABLE file (
  mesh BIGINT NOT NULL,
  file TEXT NOT NULL,
  -- the uploader
  member TEXT NOT NULL,
  -- of the ciphertext
  bytes BIGINT NOT NULL,
  -- '*', a topic, or empty where it is sealed to members
  audience TEXT NOT NULL,
  -- JSON; NULL until it was uploaded and shared
  manifest TEXT,
  -- JSON; the file's key under that of its audience
  shared TEXT,
  -- where the log tells of it; 0 until it was shared
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  expires_at BIGINT,
  PRIMARY KEY (mesh, file)
) WITHOUT ROWID;
CREATE INDEX file_seq ON file (mesh, seq);
CREATE INDEX file_expires ON file (expires_at) WHERE expires_at IS NOT NULL;

-- A file's key sealed to one member.
CREATE TABLE file_seal (
  mesh BIGINT NOT NULL,
  file TEXT NOT NULL,
  member TEXT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (mesh, file, member)
) WITHOUT ROWID;
CREATE INDEX file_seal_of ON file_seal (mesh, member);

-- Who fetched a file to its end.
CREATE TABLE file_download (
  mesh BIGINT NOT NULL,
  file TEXT NOT NULL,
  member TEXT NOT NULL,
  count BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (mesh, file, member)
) WITHOUT ROWID;
