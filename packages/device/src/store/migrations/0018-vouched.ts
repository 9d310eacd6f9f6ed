/** Rosters that were taken up on an inviter's word and are verified behind it, and how far each invite of this home says that the roster goes. */
export const vouched = `
CREATE TABLE roster_vouched (
  mesh TEXT NOT NULL PRIMARY KEY,
  note TEXT NOT NULL
) WITHOUT ROWID;
ALTER TABLE invite_made ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
`;
