/**
 * What goes to many: the audience of a message and how its body is keyed (`audience` is null for what is for one), who of the readers said what, and where in the log
 * each roster entry stands. `batch` binds the messages of one send to the bearers of a tag. `own` marks what this member wrote itself, from here or from another device.
 */
export const rooms = `
ALTER TABLE outbox ADD COLUMN audience TEXT;
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT 'direct';
ALTER TABLE outbox ADD COLUMN name TEXT;
ALTER TABLE outbox ADD COLUMN members INTEGER;
ALTER TABLE outbox ADD COLUMN batch TEXT;
CREATE INDEX outbox_audience ON outbox (mesh, audience, position) WHERE audience IS NOT NULL;
ALTER TABLE inbox ADD COLUMN audience TEXT;
ALTER TABLE inbox ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
CREATE INDEX inbox_audience ON inbox (mesh, audience, seq) WHERE audience IS NOT NULL;
CREATE TABLE outbox_reader (
  message TEXT NOT NULL, member TEXT NOT NULL, state TEXT NOT NULL, way TEXT, reason TEXT,
  at INTEGER NOT NULL, PRIMARY KEY (message, member)
) STRICT, WITHOUT ROWID;
ALTER TABLE awaiting ADD COLUMN reason TEXT NOT NULL DEFAULT 'roster';
ALTER TABLE roster_entry ADD COLUMN log_seq INTEGER;
CREATE INDEX roster_entry_placed ON roster_entry (mesh, log_seq) WHERE log_seq IS NOT NULL;
`;
