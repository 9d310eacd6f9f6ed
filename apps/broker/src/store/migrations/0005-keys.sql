-- Rows of key bundles: a mesh or topic key sealed to one member, by one who had it. A row that its recipient cannot open does not stand in the way of another's.
CREATE TABLE key_row (
  mesh BIGINT NOT NULL,
  recipient TEXT NOT NULL,
  commitment TEXT NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (mesh, recipient, commitment, author)
) WITHOUT ROWID;
CREATE INDEX key_row_bundle ON key_row (mesh, commitment, author, recipient);

-- Bundles whose key no roster entry has begun yet; few per author, and forgotten after a while.
CREATE TABLE key_offered (
  mesh BIGINT NOT NULL,
  author TEXT NOT NULL,
  commitment TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (mesh, author, commitment)
) WITHOUT ROWID;
CREATE INDEX key_offered_at ON key_offered (at);
CREATE INDEX key_offered_key ON key_offered (mesh, commitment);

-- The keys that the roster has begun.
CREATE TABLE key_begun (
  mesh BIGINT NOT NULL,
  commitment TEXT NOT NULL,
  -- '' for a mesh key, else the private topic
  topic TEXT NOT NULL,
  -- when the last that was sealed under it is gone; set when the next key of the same kind begins
  over_at BIGINT,
  PRIMARY KEY (mesh, commitment)
) WITHOUT ROWID;
CREATE INDEX key_begun_held ON key_begun (mesh, topic) WHERE over_at IS NULL;
CREATE INDEX key_begun_over ON key_begun (over_at) WHERE over_at IS NOT NULL;

-- Who waits for which key until someone who has it leaves a row.
CREATE TABLE key_want (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  commitment TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (mesh, member, commitment)
) WITHOUT ROWID;
