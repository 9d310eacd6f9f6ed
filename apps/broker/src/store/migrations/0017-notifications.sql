-- Which messages to many name a member that may read them, and when it has said that it knows. What a message is stands in the log.
CREATE TABLE notification (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  seq BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  read_at BIGINT,
  PRIMARY KEY (mesh, member, seq)
) WITHOUT ROWID;
CREATE INDEX notification_unread ON notification (mesh, member, seq) WHERE read_at IS NULL;
CREATE INDEX notification_expiry ON notification (expires_at);
