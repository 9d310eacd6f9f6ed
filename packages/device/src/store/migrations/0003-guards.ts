/**
 * What a message says of its thread, what the guards did with it, and what a person decided. `since` and `hops` say how many messages agents wrote in a thread since a
 * person's; `guard` is `hold` or `refuse`.
 */
export const guards = `
ALTER TABLE inbox ADD COLUMN thread TEXT;
ALTER TABLE inbox ADD COLUMN hop INTEGER;
ALTER TABLE inbox ADD COLUMN since TEXT;
ALTER TABLE inbox ADD COLUMN intent TEXT;
ALTER TABLE inbox ADD COLUMN subtype TEXT;
ALTER TABLE inbox ADD COLUMN guard TEXT;
ALTER TABLE inbox ADD COLUMN guard_reason TEXT;
CREATE INDEX inbox_sender ON inbox (mesh, sender, created_at);
CREATE INDEX inbox_thread ON inbox (mesh, thread) WHERE thread IS NOT NULL;
CREATE INDEX inbox_held ON inbox (mesh, position) WHERE guard = 'hold';
ALTER TABLE outbox ADD COLUMN thread TEXT;
ALTER TABLE outbox ADD COLUMN hop INTEGER;
ALTER TABLE outbox ADD COLUMN since TEXT;
ALTER TABLE outbox ADD COLUMN intent TEXT;
ALTER TABLE outbox ADD COLUMN subtype TEXT;
CREATE INDEX outbox_recipient ON outbox (mesh, recipient, created_at);
CREATE INDEX outbox_thread ON outbox (mesh, thread) WHERE thread IS NOT NULL;
CREATE INDEX outbox_ended ON outbox (updated_at)
  WHERE state IN ('expired', 'refused', 'undeliverable', 'void');
CREATE TABLE guard_thread (
  mesh TEXT NOT NULL, thread TEXT NOT NULL, since TEXT NOT NULL, hops INTEGER NOT NULL,
  stopped_at INTEGER, PRIMARY KEY (mesh, thread)
) STRICT;
CREATE TABLE guard_sender (
  mesh TEXT NOT NULL, member TEXT NOT NULL, rule TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (mesh, member)
) STRICT;
`;
