/**
 * What follows a restore of the broker: which epoch of its log this home knows, whether what its member has said of itself is to be said again (`restate`), which messages are to be handed over
 * again (`repeat`), and by which digest receipts may still speak of one that had to be sealed again.
 */
export const restore = `
ALTER TABLE membership ADD COLUMN log_epoch TEXT;
ALTER TABLE membership ADD COLUMN restate INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN repeat INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN digest_before TEXT;
CREATE INDEX outbox_repeat ON outbox (mesh, position) WHERE repeat = 1;
`;
