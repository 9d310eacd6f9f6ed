/**
 * What two members write to each other is read as a topic, too: by the other member, in the order of the log. `presence_in_mesh` is what was said of an agent session, or of the
 * device (empty), for one mesh alone.
 */
export const roomsFinish = `
CREATE INDEX inbox_dm ON inbox (mesh, sender, seq) WHERE audience IS NULL;
CREATE INDEX outbox_dm ON outbox (mesh, recipient, seq) WHERE audience IS NULL;
CREATE TABLE presence_in_mesh (
  mesh TEXT NOT NULL, agent_session TEXT NOT NULL, status TEXT, status_at INTEGER, summary TEXT,
  visible INTEGER, PRIMARY KEY (mesh, agent_session)
) STRICT;
`;
