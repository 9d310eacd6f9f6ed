// Copies the write-ahead log into the database file whenever it is told to, on a thread of its own. Plain JavaScript with nothing but Node, so that
// the thread takes 19 MB instead of 45: stripping types and the rest of the store would be loaded again for it.
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";

const { path, port } = workerData;
const db = new DatabaseSync(path);
db.exec("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;");
const copy = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");

port.on("message", (message) => {
  if (message === "checkpoint") {
    port.postMessage(copy.get());
  } else {
    db.close();
    port.close();
  }
});
