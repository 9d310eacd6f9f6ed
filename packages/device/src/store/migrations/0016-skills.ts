/** Which skills a person here lets agents use: of this author, under this signing key. */
export const skills = `
CREATE TABLE skill_trust (
  mesh TEXT NOT NULL,
  skill TEXT NOT NULL,
  member TEXT NOT NULL,
  author TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (mesh, skill)
) STRICT;
`;
