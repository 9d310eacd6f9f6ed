-- The brokers that use this database. `beat` grows as long as one lives, so that no two clocks are compared; `told` is the version of its presence.
CREATE TABLE node (
  id TEXT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  version TEXT NOT NULL,
  keys TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  beat BIGINT NOT NULL,
  told BIGINT NOT NULL
) WITHOUT ROWID;

-- Who is connected where: sessions, devices and API keys of each node, good as long as the node lives.
CREATE TABLE presence (
  node TEXT NOT NULL,
  mesh TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (node, mesh, subject)
) WITHOUT ROWID;

-- What every node is to do and no log tells, in the order of the commits.
CREATE TABLE node_order (
  id INTEGER PRIMARY KEY,
  mesh TEXT NOT NULL,
  what TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- Counts how often a session was attached: of two nodes that both have it, the higher is right.
ALTER TABLE session ADD COLUMN attaches BIGINT NOT NULL DEFAULT 1;
