/**
 * To which agent session a message was handed, and how that went on. `delivery` names the hand-over that a row belongs to; `held` is the reason that its sender was
 * told; `elsewhere` is set when another device of the member answers it. A lease's token goes into the header of the reply.
 * `transcript` is where an agent writes what its model was shown.
 */
export const handOver = `
ALTER TABLE inbox ADD COLUMN delivery TEXT;
ALTER TABLE inbox ADD COLUMN handed_to TEXT;
ALTER TABLE inbox ADD COLUMN handed_way TEXT;
ALTER TABLE inbox ADD COLUMN seen_at INTEGER;
ALTER TABLE inbox ADD COLUMN answered_at INTEGER;
ALTER TABLE inbox ADD COLUMN held TEXT;
ALTER TABLE inbox ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
CREATE INDEX inbox_unseen ON inbox (handed_to, position)
  WHERE handed_to IS NOT NULL AND seen_at IS NULL;
CREATE INDEX inbox_delivery ON inbox (delivery) WHERE delivery IS NOT NULL;
ALTER TABLE receipt_due ADD COLUMN session TEXT;
ALTER TABLE outbox ADD COLUMN lease TEXT;
CREATE TABLE lease (
  mesh TEXT NOT NULL, thread TEXT NOT NULL, agent_session TEXT NOT NULL, token TEXT NOT NULL,
  until INTEGER NOT NULL, PRIMARY KEY (mesh, thread)
) STRICT;
CREATE TABLE transcript (
  agent_session TEXT NOT NULL PRIMARY KEY, path TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
`;
