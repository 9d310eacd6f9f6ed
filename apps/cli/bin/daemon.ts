import { spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, parse } from "node:path";
import { type Daemon, startDaemon } from "@claudemesh/daemon";
import { MeshError } from "@claudemesh/protocol";
import manifest from "../package.json" with { type: "json" };

const reportFd = 3;
const internalError = 8;

const open = (home: string): Promise<Daemon | "taken"> =>
  startDaemon({
    place: {
      home,
      platform: process.platform,
      uid: process.getuid?.(),
      tempDir: tmpdir(),
      env: process.env,
    },
    version: manifest.version,
    pid: process.pid,
    now: Date.now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    timer: (ms, fn) => {
      const handle = setTimeout(fn, ms);
      return () => clearTimeout(handle);
    },
    memory: () => process.memoryUsage(),
    startBroker: ({ port, dataDir }) =>
      spawn(
        process.execPath,
        [
          join(import.meta.dirname, "claudemesh.js"),
          ...["broker", "start", "--json", "--until-stdin-ends"],
          ...["--host", "127.0.0.1", "--port", String(port), "--data", dataDir],
        ],
        { stdio: ["pipe", "pipe", "ignore"], cwd: parse(home).root, windowsHide: true },
      ),
    defaultName: userName(),
    ...(process.env.CLAUDEMESH_BROKER ? { defaultBroker: process.env.CLAUDEMESH_BROKER } : {}),
    client: `claudemesh-daemon/${manifest.version}`,
  });

/** Runs the daemon of a home in this process until it ends; answers why it ended. Throws `in_use` while another runs. */
export async function runDaemon(home: string, ready: () => void): Promise<string> {
  const daemon = await open(home);
  if (daemon === "taken") {
    throw new MeshError("in_use", "the daemon of this home runs already", {
      hint: "see claudemesh daemon status, or end it with claudemesh daemon stop",
    });
  }
  attend(daemon);
  ready();
  return daemon.ended;
}

/** The daemon as the whole of a process. With `report` it says over a pipe how its start went; else only an error is said, on standard error. */
export async function runAsProcess(home: string, report: boolean): Promise<void> {
  const say = (what: object) => {
    if (!report) return;
    try {
      writeSync(reportFd, JSON.stringify(what));
      closeSync(reportFd);
    } catch {
      // Whoever started it is gone; it serves all the same.
    }
  };
  try {
    const daemon = await open(home);
    if (daemon === "taken") {
      say({ is: "taken" });
      process.exit(0);
    }
    attend(daemon);
    say({ is: "ready" });
    await daemon.ended;
    process.exit(0);
  } catch (thrown) {
    const error =
      thrown instanceof MeshError
        ? thrown
        : new MeshError("internal", thrown instanceof Error ? thrown.message : "unexpected");
    say({ is: "failed", error: error.toBody() });
    if (!report) process.stderr.write(`${JSON.stringify({ error: error.toBody() })}\n`);
    process.exit(error.row.exit);
  }
}

/** Ends on signals, and on what nobody expected: a daemon in doubt of its state is started anew by the next verb. */
function attend(daemon: Daemon): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void daemon.stop(signal));
  }
  const unexpected = (error: unknown) => {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    daemon.log("warn", "something unexpected happened", { cause });
    daemon.stop("something unexpected happened").finally(() => process.exit(internalError));
  };
  process.on("uncaughtException", unexpected);
  process.on("unhandledRejection", unexpected);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // No entry for this user id, as in some containers.
    return process.env.USER || "me";
  }
}
