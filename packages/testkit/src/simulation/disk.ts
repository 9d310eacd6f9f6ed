import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  truncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In memory where the system offers that: what is lost and what is kept is decided here, so nothing has to reach a real disk. */
const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export const newScratch = (): string => mkdtempSync(join(base, "claudemesh-sim-"));

/** Locks and shared memory end with the processes that held them. */
const isVolatile = (name: string): boolean => /(-shm|\.lock)$/.test(name);

/** Copies what a machine's disk holds at this moment, as it will be found after a crash. SQLite's open transactions are not part of it. */
export function crashImage(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) crashImage(join(from, entry.name), join(to, entry.name));
    else if (!isVolatile(entry.name)) copyFileSync(join(from, entry.name), join(to, entry.name));
  }
}

export const sizeOf = (path: string): number =>
  statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** What a power cut does to a write-ahead log: what was not synced is gone, or some of it is there, torn. */
export function tearLog(path: string, synced: number, tail: Uint8Array): void {
  if (!existsSync(path)) return;
  if (sizeOf(path) > synced) truncateSync(path, synced);
  if (tail.length > 0) appendFileSync(path, tail);
}
