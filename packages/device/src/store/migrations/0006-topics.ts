/**
 * Topics by their newest verified statement (#general has none), and what is known of this member's place in them: `floor` is the seq from which on every post that there
 * is lies here, `marker` up to where it was read. `post_change` is what was said of posts since: edits, retractions, reactions, pins. `post_closed` are older posts whose key is not here.
 */
export const topics = `
CREATE TABLE topic (
  mesh TEXT NOT NULL, topic TEXT NOT NULL, name TEXT NOT NULL, visibility TEXT NOT NULL,
  statement TEXT, ended INTEGER NOT NULL DEFAULT 0, role TEXT, members INTEGER NOT NULL DEFAULT 0,
  floor INTEGER, marker INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (mesh, topic)
) STRICT;
CREATE UNIQUE INDEX topic_name ON topic (mesh, name, visibility) WHERE ended = 0;
CREATE TABLE post_change (
  mesh TEXT NOT NULL, sender TEXT NOT NULL, id TEXT NOT NULL, audience TEXT NOT NULL,
  target TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, seq INTEGER, at INTEGER NOT NULL,
  PRIMARY KEY (mesh, sender, id)
) STRICT;
CREATE INDEX post_change_target ON post_change (mesh, target);
CREATE TABLE post_closed (
  mesh TEXT NOT NULL, audience TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (mesh, seq)
) STRICT;
CREATE INDEX post_closed_of ON post_closed (mesh, audience, seq);
CREATE TABLE notification (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  mesh TEXT NOT NULL, sender TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL,
  read_at INTEGER,
  UNIQUE (mesh, sender, message)
) STRICT;
CREATE INDEX notification_unread ON notification (mesh, position) WHERE read_at IS NULL;
ALTER TABLE outbox ADD COLUMN mentions TEXT;
CREATE INDEX outbox_topic ON outbox (mesh, audience, seq) WHERE audience IS NOT NULL;
`;
