-- What each member lets others do to it: one signed statement per member, the highest version wins.

CREATE TABLE grants (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  version BIGINT NOT NULL,
  hash TEXT NOT NULL,
  statement TEXT NOT NULL,
  PRIMARY KEY (mesh, member)
) WITHOUT ROWID;
