/** Versions of private topics' keys beside the mesh keys of table `ring`; who was asked for a key that is missing; which key an invite's blob goes up to. */
export const keys = `
CREATE TABLE topic_ring (
  mesh TEXT NOT NULL, topic TEXT NOT NULL, version INTEGER NOT NULL, key TEXT NOT NULL,
  PRIMARY KEY (mesh, topic, version)
) STRICT;
CREATE TABLE key_asked (
  mesh TEXT NOT NULL, commitment TEXT NOT NULL, members TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (mesh, commitment)
) STRICT;
ALTER TABLE invite_made ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
`;
