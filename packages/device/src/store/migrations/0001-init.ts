/** Memberships, verified rosters, outbox, inbox and what tells a message's story. Times in milliseconds, statements as JSON text. */
export const init = `
CREATE TABLE membership (
  mesh TEXT NOT NULL PRIMARY KEY,
  broker TEXT NOT NULL,
  member TEXT NOT NULL,
  generation INTEGER NOT NULL,
  founder_nonce TEXT,
  sign_key TEXT NOT NULL,
  device TEXT NOT NULL,
  slug TEXT NOT NULL,
  display_name TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  cursor TEXT,
  used_at INTEGER NOT NULL,
  feed_live INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE pending_join (
  mesh TEXT NOT NULL PRIMARY KEY,
  invite TEXT NOT NULL,
  broker TEXT NOT NULL,
  generation INTEGER NOT NULL,
  device TEXT NOT NULL,
  entry TEXT NOT NULL,
  profile TEXT NOT NULL,
  chain TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE key_generation (mesh TEXT NOT NULL PRIMARY KEY, next INTEGER NOT NULL) STRICT;
CREATE TABLE ring (
  mesh TEXT NOT NULL, epoch INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (mesh, epoch)
) STRICT;
CREATE TABLE roster_entry (
  mesh TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (mesh, seq)
) STRICT;
CREATE TABLE profile (
  mesh TEXT NOT NULL, member TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (mesh, member)
) STRICT;
CREATE TABLE name_seen (
  id INTEGER PRIMARY KEY, mesh TEXT NOT NULL, skeleton TEXT NOT NULL, member TEXT NOT NULL,
  UNIQUE (mesh, skeleton, member)
) STRICT;
CREATE TABLE invite_made (
  invite TEXT NOT NULL PRIMARY KEY, mesh TEXT NOT NULL, code TEXT NOT NULL, link TEXT
) STRICT;
CREATE TABLE outbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  mesh TEXT NOT NULL,
  recipient TEXT NOT NULL,
  text TEXT NOT NULL,
  priority TEXT NOT NULL,
  reply_to TEXT,
  created_at INTEGER NOT NULL,
  n INTEGER,
  envelope TEXT,
  digest TEXT,
  ends_as TEXT,
  state TEXT NOT NULL,
  reason TEXT,
  way TEXT,
  seq INTEGER,
  updated_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  claim TEXT,
  claim_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_queued ON outbox (mesh, recipient, position) WHERE state = 'queued';
CREATE TABLE sent_counter (
  mesh TEXT NOT NULL, audience TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (mesh, audience)
) STRICT;
CREATE TABLE inbox (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  mesh TEXT NOT NULL,
  sender TEXT NOT NULL,
  id TEXT NOT NULL,
  digest TEXT NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  priority TEXT NOT NULL,
  reply_to TEXT,
  seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  handing_by TEXT,
  handing_until INTEGER NOT NULL DEFAULT 0,
  again INTEGER NOT NULL DEFAULT 0,
  handed_at INTEGER,
  UNIQUE (mesh, sender, id)
) STRICT;
CREATE INDEX inbox_waiting ON inbox (mesh, position) WHERE handed_at IS NULL;
CREATE INDEX inbox_id ON inbox (id);
CREATE TABLE received_counter (
  mesh TEXT NOT NULL, member TEXT NOT NULL, device TEXT NOT NULL, audience TEXT NOT NULL,
  first_n INTEGER NOT NULL, last_n INTEGER NOT NULL,
  PRIMARY KEY (mesh, member, device, audience)
) STRICT;
CREATE TABLE gap (
  id INTEGER PRIMARY KEY,
  mesh TEXT NOT NULL, member TEXT NOT NULL, device TEXT NOT NULL, audience TEXT NOT NULL,
  from_n INTEGER NOT NULL, to_n INTEGER NOT NULL, at INTEGER NOT NULL, shown INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE awaiting (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  mesh TEXT NOT NULL, sender TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL,
  seq INTEGER NOT NULL, head_seq INTEGER NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
  UNIQUE (mesh, sender, id, hash)
) STRICT;
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  mesh TEXT NOT NULL, key TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL,
  at INTEGER NOT NULL, shown INTEGER NOT NULL DEFAULT 0,
  UNIQUE (mesh, key)
) STRICT;
CREATE TABLE receipt_due (
  id INTEGER PRIMARY KEY,
  mesh TEXT NOT NULL, sender TEXT NOT NULL, message TEXT NOT NULL, digest TEXT NOT NULL,
  state TEXT NOT NULL, way TEXT, reason TEXT, at INTEGER NOT NULL,
  UNIQUE (mesh, sender, message, digest, state)
) STRICT;
CREATE TABLE receipt_out (
  id TEXT NOT NULL PRIMARY KEY, mesh TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE receipt_in (
  id TEXT NOT NULL, mesh TEXT NOT NULL, message TEXT NOT NULL, member TEXT NOT NULL,
  state TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (id, message)
) STRICT;
CREATE TABLE story (
  id INTEGER PRIMARY KEY,
  mesh TEXT NOT NULL, message TEXT NOT NULL, sender TEXT, at INTEGER NOT NULL, what TEXT NOT NULL,
  by TEXT NOT NULL
) STRICT;
CREATE INDEX story_message ON story (message, id);
CREATE TABLE cache (
  mesh TEXT NOT NULL, op TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (mesh, op)
) STRICT;
`;
