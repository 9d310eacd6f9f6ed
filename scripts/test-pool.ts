import { spawn } from "node:child_process";
import { join } from "node:path";
import { seedOfRun } from "../packages/testkit/src/seeded-numbers.ts";
import { root } from "./run.ts";

/** What one test file came to. */
export interface FileResult {
  readonly file: string;
  readonly seconds: number;
  /** what it printed, on stdout and stderr */
  readonly printed: string;
  readonly tests: number;
  readonly passed: number;
  readonly skipped: number;
  /** why the file counts as failed, where it does */
  readonly failed?: string;
}

export interface PoolOptions {
  /** files that run at a time */
  readonly jobs: number;
  /** how long one file may run, ms; then its whole process group is killed */
  readonly deadlineMs: number;
  /** asked before each file: no other is begun once it says no */
  readonly until?: () => boolean;
  /** told of each file when it is over */
  readonly done: (result: FileResult) => void;
}

/** What a killed file's program still waited for is printed by `test-deadline.ts` this long before. */
const lastWordsMs = 5_000;

/**
 * Runs each test file in a process of its own, so many at a time, and answers what they came to.
 * Node's own runner has no deadline for a file: one that does not end holds up the run for ever.
 */
export async function runPool(
  files: readonly string[],
  options: PoolOptions,
): Promise<readonly FileResult[]> {
  const results: FileResult[] = [];
  const left = [...files];
  const worker = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      if (options.until?.() === false) return;
      const result = await runFile(file, options.deadlineMs);
      results.push(result);
      options.done(result);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return results;
}

async function runFile(file: string, deadlineMs: number): Promise<FileResult> {
  const start = performance.now();
  const env = {
    ...process.env,
    PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH ?? ""}`,
    // Tests start many programs, which are compiled once for all of them.
    NODE_COMPILE_CACHE: join(root, "node_modules/.cache/compile"),
    TEST_DEADLINE_MS: String(deadlineMs - lastWordsMs),
    SEED: String(seedOfRun()),
  };
  const before = ["test-deadline.ts", "test-seed.ts"];
  const imports = before.flatMap((name) => ["--import", join(root, "scripts", name)]);
  const flags = [...imports, "--test-reporter=spec"];
  // Its own process group: what a test leaves behind is ended with it.
  const child = spawn("node", [...flags, file], {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child.pid);
  }, deadlineMs);
  const ended = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    // "exit" and not "close": a stray process that inherited the pipe must not hold up the run.
    child.on("exit", (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`);
    });
  });
  clearTimeout(timer);
  // What is in the pipes already is read before they are let go.
  await new Promise((resolve) => setImmediate(resolve));
  killGroup(child.pid);
  child.stdout.destroy();
  child.stderr.destroy();
  const tests = count("tests", printed);
  const empty = tests === 0 ? "no test ran" : undefined;
  const failed = late ? `not over after ${deadlineMs / 1000} s` : (ended ?? empty);
  return {
    file,
    seconds: (performance.now() - start) / 1000,
    printed,
    tests,
    passed: count("pass", printed),
    skipped: count("skipped", printed),
    ...(failed === undefined ? {} : { failed }),
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

const count = (what: string, printed: string): number =>
  Number(new RegExp(`^ℹ ${what} (\\d+)$`, "m").exec(printed)?.[1] ?? 0);
