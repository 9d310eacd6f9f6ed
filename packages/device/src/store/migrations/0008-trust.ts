/**
 * Whom this home's person has compared safety numbers with, names of its own for peers, what peers may do, when the home was backed up last, and the full-text index over
 * what it has sent and received. The index holds no text of its own; triggers keep it in step with the two tables. Voids and what is not shown to people stay outside.
 */
export const trust = `
CREATE TABLE verified (
  mesh TEXT NOT NULL, member TEXT NOT NULL, sign_key TEXT NOT NULL, seal_key TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (mesh, member)
) STRICT;
CREATE TABLE alias (
  mesh TEXT NOT NULL, folded TEXT NOT NULL, name TEXT NOT NULL, member TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (mesh, folded)
) STRICT;
CREATE TABLE grants (
  mesh TEXT NOT NULL, member TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (mesh, member)
) STRICT;
CREATE TABLE backup_made (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search_in USING fts5(
  text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE search_out USING fts5(
  text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER search_in_added AFTER INSERT ON inbox WHEN new.text <> '' AND new.kind NOT IN ('guard', 'void')
BEGIN INSERT INTO search_in (rowid, text) VALUES (new.position, new.text); END;
CREATE TRIGGER search_in_changed AFTER UPDATE OF text ON inbox
  WHEN new.text <> '' AND new.kind NOT IN ('guard', 'void')
BEGIN INSERT OR REPLACE INTO search_in (rowid, text) VALUES (new.position, new.text); END;
CREATE TRIGGER search_in_emptied AFTER UPDATE OF text ON inbox WHEN new.text = ''
BEGIN DELETE FROM search_in WHERE rowid = new.position; END;
CREATE TRIGGER search_in_gone AFTER DELETE ON inbox
BEGIN DELETE FROM search_in WHERE rowid = old.position; END;
CREATE TRIGGER search_out_added AFTER INSERT ON outbox WHEN new.text <> ''
BEGIN INSERT INTO search_out (rowid, text) VALUES (new.position, new.text); END;
CREATE TRIGGER search_out_changed AFTER UPDATE OF text ON outbox WHEN new.text <> ''
BEGIN INSERT OR REPLACE INTO search_out (rowid, text) VALUES (new.position, new.text); END;
CREATE TRIGGER search_out_emptied AFTER UPDATE OF text ON outbox WHEN new.text = ''
BEGIN DELETE FROM search_out WHERE rowid = new.position; END;
CREATE TRIGGER search_out_gone AFTER DELETE ON outbox
BEGIN DELETE FROM search_out WHERE rowid = old.position; END;
INSERT INTO search_in (rowid, text)
  SELECT position, text FROM inbox WHERE text <> '' AND kind NOT IN ('guard', 'void');
INSERT INTO search_out (rowid, text) SELECT position, text FROM outbox WHERE text <> '';
`;
