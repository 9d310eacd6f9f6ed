import { realpathSync } from "node:fs";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { basename, resolve } from "node:path";
import manifest from "../package.json" with { type: "json" };
import type { Host } from "../src/host.ts";
import { main } from "../src/main.ts";
import { homeFolder } from "./home.js";
import { hostDaemon } from "./host-daemon.ts";

/** A second request to end means that the first one hangs; what comes sooner is the same one, sent to this process and forwarded by its parent. */
const impatientMs = 250;
const cancelled = 1;
const internalError = 8;

/** The composition root: the real streams, clock, randomness and signals, and the broker for whoever starts one. */
export async function start(home: string): Promise<void> {
  const stop = new AbortController();
  let askedAt: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (askedAt !== undefined && Date.now() - askedAt > impatientMs) process.exit(cancelled);
      askedAt ??= Date.now();
      stop.abort();
    });
  }
  const host: Host = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    platform: process.platform,
    home,
    hostName: hostname().split(".")[0] || "home",
    userName: userName(),
    tempDir: tmpdir(),
    call: calledAs(),
    program: {
      node: process.execPath,
      get entry() {
        return realpathSync(process.argv[1] ?? "");
      },
      defaultHome: resolve(homeFolder({}, process.platform, homedir())),
    },
    userFolder: homedir(),
    version: manifest.version,
    now: Date.now,
    run: `${process.pid}-${process.hrtime.bigint()}`,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    signal: stop.signal,
    daemon: hostDaemon(home),
    agentSide: async (name) => (await agentSides[name]()).run(home),
    loadBroker: async () => (await import("./broker.ts")).startBroker,
    loadUpkeep: async (flags = []) => (await import("./broker-upkeep.ts")).upkeepWith(flags),
  };
  // A reader that goes away is noticed at the write; without a listener the event would end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const argv = process.argv.slice(2);
  const unexpected = async (error: unknown) => {
    try {
      const { report } = await import("../src/runner/report.ts");
      process.exit(await report(error, argv, host));
    } catch {
      // Rejecting would only lead here again, without end.
      process.stderr.write(`claudemesh: ${error instanceof Error ? error.message : error}\n`);
      process.exit(internalError);
    }
  };
  process.on("uncaughtException", unexpected);
  process.on("unhandledRejection", unexpected);
  process.exit(await main(argv, host));
}

const agentSides = {
  hook: () => import("./hook.ts"),
  mcp: () => import("./mcp.ts"),
  "status-line": () => import("./status-line.ts"),
} as const;

/** `claudemesh` where it is installed as a command; by npx or straight from a checkout, the form that works there. */
function calledAs(): string {
  const throughNpm = process.env.npm_command !== undefined;
  return !throughNpm && basename(process.argv[1] ?? "") === "claudemesh"
    ? "claudemesh"
    : "npx claudemesh";
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // No entry for this user id, as in some containers.
    return process.env.USER || "me";
  }
}
