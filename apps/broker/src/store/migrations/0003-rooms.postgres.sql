-- As the file of the same name for SQLite, without its last statement: no database of this kind is older than that table.

CREATE TABLE audience_member (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  audience TEXT NOT NULL,
  from_seq BIGINT NOT NULL,
  until_seq BIGINT,
  PRIMARY KEY (mesh, member, audience, from_seq)
);
CREATE INDEX audience_bearers ON audience_member (mesh, audience) WHERE until_seq IS NULL;

CREATE TABLE topic_barrier (
  mesh BIGINT NOT NULL,
  topic TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (mesh, topic)
);
