-- Shared data: one row per record of any noun. `topic` is empty where it is the whole mesh's, `version` the place in the log of its last change, `written` what was
-- written, as JSON, and `words` what full-text search finds it by.
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

CREATE VIRTUAL TABLE record_words USING fts5 (
  words, content = 'record', content_rowid = 'no', tokenize = 'unicode61 remove_diacritics 2'
);
-- What is deleted leaves the index at once.
INSERT INTO record_words (record_words, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER record_added AFTER INSERT ON record WHEN new.words <> '' BEGIN
  INSERT INTO record_words (rowid, words) VALUES (new.no, new.words);
END;
CREATE TRIGGER record_changed AFTER UPDATE OF words ON record WHEN old.words <> new.words BEGIN
  INSERT INTO record_words (record_words, rowid, words)
    SELECT 'delete', old.no, old.words WHERE old.words <> '';
  INSERT INTO record_words (rowid, words) SELECT new.no, new.words WHERE new.words <> '';
END;
CREATE TRIGGER record_dropped AFTER DELETE ON record WHEN old.words <> '' BEGIN
  INSERT INTO record_words (record_words, rowid, words) VALUES ('delete', old.no, old.words);
END;
