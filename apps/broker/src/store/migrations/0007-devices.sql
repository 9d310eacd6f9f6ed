-- Devices that have called without a feed of their own: they hold nothing up, but their member is to see them.
CREATE TABLE device_call (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  device TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  PRIMARY KEY (mesh, member, device)
) WITHOUT ROWID;
