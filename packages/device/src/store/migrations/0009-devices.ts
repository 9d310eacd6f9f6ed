/** The devices of this home's member, as far as this one knows them: itself, those that it linked, and those of which it was told. */
export const devices = `
CREATE TABLE own_device (
  mesh TEXT NOT NULL, device TEXT NOT NULL, origin TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (mesh, device)
) STRICT;
`;
