import { statSync, watch } from "node:fs";
import { join } from "node:path";
import { lockName } from "./claim-home.ts";
import type { Timer } from "./daemon-context.ts";

/** What no event tells, as on some network file systems, is found by looking. */
const lookMs = 10_000;

/** Calls `gone` once when the home, or this daemon's lock in it, is no longer there; answers a canceller. */
export function watchHome(home: string, timer: Timer, gone: () => void): () => void {
  const path = join(home, lockName);
  const first = inode(path);
  let cancel = () => {};
  const end = () => {
    cancel();
    watcher?.close();
  };
  const look = () => {
    if (inode(path) !== first) {
      end();
      gone();
      return;
    }
    cancel();
    cancel = timer(lookMs, look);
  };
  let watcher: ReturnType<typeof watch> | undefined;
  try {
    watcher = watch(home, { persistent: false }, (_kind, name) => {
      // The files of a database change all the time.
      if (name === null || name === lockName || home.endsWith(name)) look();
    });
    watcher.on("error", look);
  } catch {
    // No more watches are to be had: looking is enough.
  }
  look();
  return end;
}

const inode = (path: string): bigint | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
