-- Secrets of members, sealed on their devices to their own keys; `entry` is the owner's signed statement.
CREATE TABLE vault (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  entry TEXT NOT NULL,
  ciphertext TEXT NOT NULL,
  PRIMARY KEY (mesh, member, key)
) WITHOUT ROWID;

-- That there is a stream, for everyone or for a topic ('' is everyone); what is published to it is stored nowhere.
CREATE TABLE stream (
  mesh BIGINT NOT NULL,
  name TEXT NOT NULL,
  topic TEXT NOT NULL,
  by_member TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (mesh, name, topic)
) WITHOUT ROWID;
