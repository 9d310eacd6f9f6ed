import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getRaw, socketOf } from "@claudemesh/local-link/raw";
import { statusLine } from "../src/hook/status-line.ts";
import { placeOf } from "./light.ts";

const patienceMs = 500;

/** `claudemesh status-line` as the whole of a process: one line from the daemon, else the last one that was seen. Never an error: it is drawn all the time. */
export async function run(home: string): Promise<void> {
  const cache = join(home, "cache", "status-line.txt");
  let line = "";
  try {
    line = statusLine(await getRaw(socketOf(placeOf(home)), "/v1/status", patienceMs));
    keep(cache, line);
  } catch {
    line = last(cache);
  }
  process.stdout.on("error", () => process.exit(0));
  process.stdout.write(line === "" ? "" : `${line}\n`, () => process.exit(0));
}

function keep(cache: string, line: string): void {
  try {
    const folder = dirname(cache);
    // Never the home itself, which may be on its way out.
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const fresh = `${cache}.${process.pid}`;
    writeFileSync(fresh, line, { mode: 0o600 });
    renameSync(fresh, cache);
  } catch {
    // Without a folder for it there is no last line.
  }
}

function last(cache: string): string {
  try {
    const line = readFileSync(cache, "utf8").slice(0, 500);
    return line === "" ? "" : `${line} (daemon not running)`;
  } catch {
    return "";
  }
}
