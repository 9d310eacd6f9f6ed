-- What topics are, by their newest signed statement. A deleted one keeps its row and its posts, and gives its name free.

CREATE TABLE topic (
  mesh BIGINT NOT NULL,
  topic TEXT NOT NULL,
  name TEXT NOT NULL,
  visibility TEXT NOT NULL,
  hash TEXT NOT NULL,
  statement TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (mesh, topic)
) WITHOUT ROWID;
-- A private topic of the same name stands in nobody's way: whoever is not in it must not notice it.
CREATE UNIQUE INDEX topic_name ON topic (mesh, name) WHERE visibility = 'public' AND ended_at IS NULL;

-- Who is in a public topic; of a private one the roster says so.
CREATE TABLE topic_member (
  mesh BIGINT NOT NULL,
  topic TEXT NOT NULL,
  member TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (mesh, topic, member)
) WITHOUT ROWID;
CREATE INDEX topic_member_of ON topic_member (mesh, member);

-- How far a member has read a topic.
CREATE TABLE topic_read (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  topic TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (mesh, member, topic)
) WITHOUT ROWID;
