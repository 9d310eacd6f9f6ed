-- By which transaction each mesh's log was last appended to, so that a node asks for what has moved and not for every mesh. A data folder has one process, which hears of everything by itself: there it stays empty.
CREATE TABLE mesh_moved (
  mesh BIGINT NOT NULL PRIMARY KEY,
  moved BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX mesh_moved_at ON mesh_moved (moved);
