import { closeSync, openSync, readFileSync, readSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { MeshError } from "@claudemesh/protocol/light";
import { jsonLine } from "../../render/json.ts";
import { cleanLine } from "../../terminal/clean.ts";
import type { LocalRun } from "../run.ts";

const files = 5;
/** What no event tells of is found by looking. */
const lookMs = 1_000;

/** Prints the last lines of the daemon's log; with `--follow` also what comes. */
export const run: LocalRun = async ({ lines, follow }, context) => {
  const { host, machine, print, note } = context;
  const folder = join(host.home, "logs");
  const path = join(folder, "daemon.log");
  const wanted = typeof lines === "number" ? lines : 50;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 100_000) {
    throw new MeshError("malformed", "--lines: a whole number from 0 to 100000");
  }
  const last = lastLines(path, wanted);
  const show = (line: string) => print(machine ? jsonLine(recordOf(line)) : `${cleanLine(line)}\n`);
  for (const line of last.lines) await show(line);
  if (last.lines.length === 0) note("the daemon has written nothing to its log yet");
  if (follow === true) await followFile(path, last.end, show, host.signal);
};

/** The last lines over all kept files, and where the present one ends. */
function lastLines(path: string, wanted: number): { lines: string[]; end: number } {
  let lines: string[] = [];
  let end = 0;
  for (let index = 0; index < files && lines.length < wanted; index++) {
    const text = textOf(index === 0 ? path : `${path}.${index}`);
    if (text === undefined) break;
    if (index === 0) end = Buffer.byteLength(text);
    lines = [...text.split("\n").filter(Boolean), ...lines];
  }
  return { lines: wanted === 0 ? [] : lines.slice(-wanted), end };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A line that is not one of ours, such as one cut off by a full disk, is shown as text. */
function recordOf(line: string): object {
  try {
    return JSON.parse(line) as object;
  } catch {
    return { message: line };
  }
}

async function followFile(
  path: string,
  from: number,
  show: (line: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let at = from;
  let rest = "";
  while (!signal.aborted) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    // A shorter file is the next one: the log was turned over.
    if (size < at) [at, rest] = [0, ""];
    if (size > at) {
      rest += readFrom(path, at, size - at);
      at = size;
      const parts = rest.split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) await show(line);
    }
    await changed(path, signal);
  }
}

function readFrom(path: string, at: number, length: number): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, at)).toString("utf8");
  } finally {
    closeSync(file);
  }
}

const changed = (path: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    let watcher: ReturnType<typeof watch> | undefined;
    const done = () => {
      clearTimeout(timer);
      watcher?.close();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, lookMs);
    signal.addEventListener("abort", done, { once: true });
    try {
      watcher = watch(path, done);
      watcher.on("error", done);
    } catch {
      // Looking is enough.
    }
  });
