-- Which public topics a member was in when it was removed: whoever lets it back brings it back into them.
CREATE TABLE topic_left (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  topic TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (mesh, member, topic)
) WITHOUT ROWID;
