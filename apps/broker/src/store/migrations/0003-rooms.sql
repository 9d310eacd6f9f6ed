-- Which groups and topics a member is in, and between which places of the log: an entry is in a member's view if the member was in its audience at the entry's seq.
-- Everyone is in `*` and in its own `m:` without a row.

CREATE TABLE audience_member (
  mesh BIGINT NOT NULL,
  member TEXT NOT NULL,
  audience TEXT NOT NULL,
  -- entries after this one, up to `until_seq` where that is set
  from_seq BIGINT NOT NULL,
  until_seq BIGINT,
  PRIMARY KEY (mesh, member, audience, from_seq)
) WITHOUT ROWID;
CREATE INDEX audience_bearers ON audience_member (mesh, audience) WHERE until_seq IS NULL;

-- The last roster entry that makes older heads stale for a private topic alone: `topic_remove`, `topic_key`.
CREATE TABLE topic_barrier (
  mesh BIGINT NOT NULL,
  topic TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (mesh, topic)
) WITHOUT ROWID;

-- Groups that profiles name already, with every ancestor.
WITH RECURSIVE path (mesh, member, name) AS (
  SELECT profile.mesh, profile.member, named.value
    FROM profile, json_each(profile.statement, '$.fields.groups') AS named
  UNION
  SELECT mesh, member, rtrim(rtrim(name, replace(name, '/', '')), '/')
    FROM path WHERE instr(name, '/') > 0
)
INSERT INTO audience_member (mesh, member, audience, from_seq)
  SELECT path.mesh, path.member, 'g:' || path.name, mesh.head_seq
    FROM path JOIN mesh ON mesh.no = path.mesh;
