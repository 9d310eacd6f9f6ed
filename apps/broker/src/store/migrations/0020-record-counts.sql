-- How many records of a noun count towards what a mesh may have: those that are neither deleted nor, of tasks, done with. Kept beside them, so that no write has to count.
CREATE TABLE record_count (
  mesh BIGINT NOT NULL,
  noun TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (mesh, noun)
) WITHOUT ROWID;
INSERT INTO record_count (mesh, noun, count)
  SELECT mesh, noun, count(*) FROM record WHERE status NOT IN ('gone', 'completed', 'cancelled') GROUP BY mesh, noun;
-- Which version a write of shared data took the place of, so that who asks again is told the same.
ALTER TABLE idempotency ADD COLUMN replaced BIGINT;
