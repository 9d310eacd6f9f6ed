/** Up to where this home has verified the rosters of large meshes, under a key of its own. */
export const checkpoints = `
CREATE TABLE roster_checkpoint (
  mesh TEXT NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  mac TEXT NOT NULL
) WITHOUT ROWID;
`;
