/**
 * Shared data as this home has seen it, each record with the version and write that it saw last, so that an older one is not taken for news; `past` are the ids of writes that it
 * saw replaced. A pending write is signed, and waits for the broker.
 */
export const records = `
CREATE TABLE record (
  mesh TEXT NOT NULL, noun TEXT NOT NULL, topic TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
  status TEXT NOT NULL, write TEXT NOT NULL, past TEXT NOT NULL, proof TEXT NOT NULL, body TEXT NOT NULL,
  seen_at INTEGER NOT NULL, PRIMARY KEY (mesh, noun, topic, key)
) STRICT;
CREATE INDEX record_newest ON record (mesh, noun, version);
CREATE TABLE record_read (
  mesh TEXT NOT NULL, noun TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (mesh, noun)
) STRICT;
CREATE TABLE pending_write (
  place INTEGER PRIMARY KEY AUTOINCREMENT, mesh TEXT NOT NULL, id TEXT NOT NULL, op TEXT NOT NULL,
  input TEXT NOT NULL, at INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX pending_write_id ON pending_write (mesh, id);
`;
