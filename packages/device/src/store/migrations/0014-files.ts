/** Files that wait to be uploaded or are on their way: from where, and the key under which what has gone up was sealed. A part's digest is here before the part leaves. Then the folders that peers may read. */
export const files = `
CREATE TABLE upload (
  id TEXT NOT NULL PRIMARY KEY, mesh TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL,
  bytes INTEGER NOT NULL, stamp TEXT NOT NULL, key TEXT NOT NULL, header TEXT NOT NULL,
  tags TEXT NOT NULL, recipients TEXT, topic TEXT, ephemeral_ms INTEGER,
  failed TEXT, at INTEGER NOT NULL
) STRICT;
CREATE TABLE upload_part (
  upload TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE, part INTEGER NOT NULL,
  digest TEXT NOT NULL, PRIMARY KEY (upload, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE shared_folder (
  mesh TEXT NOT NULL PRIMARY KEY, path TEXT NOT NULL, dotfiles INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT;
`;
