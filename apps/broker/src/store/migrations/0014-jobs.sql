-- What the broker does by itself for members: at a time, when a URL changes, when others post to it; and each mesh's simulation clock.

CREATE TABLE job (
  mesh BIGINT NOT NULL,
  id TEXT NOT NULL,
  -- schedule, watch, webhook or clock
  kind TEXT NOT NULL,
  -- the member for whom it is done, and with whose rights
  author TEXT NOT NULL,
  -- JSON: what is done
  spec TEXT NOT NULL,
  -- what may not lie open, sealed under the broker's key
  secret TEXT,
  -- JSON: what was seen or done last
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- which of the broker's rounds takes it up
  lane TEXT NOT NULL,
  -- when it is taken up next; NULL: never by itself. Who works on it outside the store moves it on by as long as that may take
  due_at BIGINT,
  -- the time for which it is taken up, which stays while somebody works on it
  planned_at BIGINT,
  fails BIGINT NOT NULL,
  -- why it is done no more
  stopped TEXT,
  PRIMARY KEY (mesh, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX job_id ON job (id);
CREATE INDEX job_due ON job (lane, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX job_kind ON job (mesh, kind, author);
