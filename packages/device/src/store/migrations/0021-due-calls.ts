/** What this member's devices are to do at a time, as the broker told that it is due, and how far this home has got with it. */
export const dueCalls = `
CREATE TABLE due_call (
  mesh TEXT NOT NULL,
  job TEXT NOT NULL,
  planned INTEGER NOT NULL,
  -- told, begun, done (the broker does not know yet) or over
  state TEXT NOT NULL,
  -- JSON: the sealed call; NULL once it is over
  call TEXT,
  -- when it was begun first, by which what it writes is known again
  begun_at INTEGER,
  -- JSON: the sealed result that the broker is to have
  result TEXT,
  PRIMARY KEY (mesh, job, planned)
) WITHOUT ROWID, STRICT;
CREATE INDEX due_call_open ON due_call (mesh, planned) WHERE state <> 'over';
`;
