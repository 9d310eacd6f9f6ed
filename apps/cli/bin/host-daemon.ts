import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import type { Readable } from "node:stream";
import type { HostDaemon } from "../src/host.ts";
import { daemonEnvironment } from "./daemon-environment.ts";

type Report = Awaited<ReturnType<HostDaemon["spawn"]>>;

/** A daemon waits most of the time: a small young generation is collected often and costs nothing to keep. */
const lean = ["--max-semi-space-size=1"] as const;
/** How long a daemon may take to begin. */
const startMs = 20_000;
const reportFd = 3;
const mostReportChars = 16_384;

/** How this home's daemon is reached and started. */
export function hostDaemon(home: string): HostDaemon {
  const script = join(import.meta.dirname, "daemon-process.js");
  const command = [process.execPath, ...lean, script, home] as const;
  return {
    place: {
      home,
      platform: process.platform,
      uid: process.getuid?.(),
      tempDir: tmpdir(),
      env: process.env,
    },
    command: [...command],
    spawn: () => start(command, home),
    run: async (ready) => {
      const { runDaemon } = await import("./daemon.ts");
      return runDaemon(home, ready);
    },
  };
}

/** Starts the daemon as a process of its own: no stream of this one, no controlling terminal, no folder held. What it says of its start comes over a pipe that it closes then. */
async function start(
  [program, ...args]: readonly [string, ...string[]],
  home: string,
): Promise<Report> {
  const child = spawn(program, [...args, "--report"], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    env: daemonEnvironment(process.env, home),
    cwd: parse(home).root,
    windowsHide: true,
  });
  child.unref();
  const pipe = child.stdio[reportFd] as Readable;
  const failed = (message: string): Report => ({
    is: "failed",
    error: {
      code: "unavailable",
      message: `the daemon could not be started: ${message}`,
      hint: "look with claudemesh daemon logs, or run it with --no-daemon",
    },
  });
  return new Promise((resolve) => {
    let text = "";
    const late = setTimeout(() => end(failed(`it said nothing for ${startMs} ms`)), startMs);
    const end = (report: Report) => {
      clearTimeout(late);
      pipe.destroy();
      resolve(report);
    };
    child.once("error", (error) => end(failed(error.message)));
    pipe.on("error", (error) => end(failed(error.message)));
    pipe.setEncoding("utf8").on("data", (part: string) => {
      text = (text + part).slice(0, mostReportChars);
    });
    pipe.on("end", () => end(reportIn(text) ?? failed("it ended before it served")));
  });
}

/** The report is our own program's; one that is cut off counts as none. */
function reportIn(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}
