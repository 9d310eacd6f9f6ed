import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = join(import.meta.dirname, "verbs-process.ts");

export interface Said {
  readonly text: string;
  readonly state?: string;
  readonly again?: boolean;
}

export interface KillPoint {
  readonly lines: number;
  readonly delayMs: number;
  /** kills it, too, when there is nothing more to come */
  readonly orAfter?: Promise<unknown>;
}

/** Runs verbs of one kind on a home; kills the process (SIGKILL) `delayMs` after its nth line, or with the test. Answers what it said until then. */
export async function verbsUntilKilled(
  kind: "send" | "inbox",
  home: string,
  name: string,
  point: KillPoint,
  signal: AbortSignal,
): Promise<Said[]> {
  const child = spawn(process.execPath, [program, kind, home, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: Said[] = [];
  const kill = () => child.kill("SIGKILL");
  const killSoon = () => setTimeout(kill, point.delayMs);
  point.orAfter?.then(killSoon, kill);
  signal.addEventListener("abort", kill);
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      // The last line may be cut off by the kill.
      if (!line.endsWith("}")) continue;
      said.push(JSON.parse(line) as Said);
      if (said.length === point.lines) killSoon();
    }
  } finally {
    kill();
    signal.removeEventListener("abort", kill);
  }
  return said;
}
