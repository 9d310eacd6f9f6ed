-- As the file of the same name for SQLite; full-text search has an index in place of a table.
CREATE TABLE record (
  no INTEGER PRIMARY KEY,
  mesh BIGINT NOT NULL,
  noun TEXT NOT NULL,
  topic TEXT NOT NULL,
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  status TEXT NOT NULL,
  author TEXT NOT NULL,
  at BIGINT NOT NULL,
  written TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE UNIQUE INDEX record_key ON record (mesh, noun, topic, key);
CREATE INDEX record_newest ON record (mesh, noun, version);
CREATE INDEX record_gone ON record (at) WHERE status = 'gone';
CREATE INDEX record_words ON record USING gin (to_tsvector('simple', words)) WHERE words <> '';
