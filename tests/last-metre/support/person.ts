import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import {
  headers,
  isRunning,
  openDaemon,
  type SocketDevice,
  socketDevice,
} from "@claudemesh/local-link";
import { getRaw } from "@claudemesh/local-link/raw";
import type { MessageId, OpenOutput } from "@claudemesh/protocol";
import manifest from "../../../apps/cli/package.json" with { type: "json" };
import { pluginFiles } from "../../../apps/cli/src/agent/claude-code/plugin-files.ts";
import { cliFolder } from "../../../packages/testkit/src/cli-folder.ts";
import { compileCache } from "../../../packages/testkit/src/compile-cache.ts";

export const entry = join(cliFolder, "claudemesh.js");
const daemonProgram = join(cliFolder, "daemon-process.js");
const patienceMs = 60_000;
const patientHook = new URL("./patient-hook.js", import.meta.url).href;

/** Looks until `seen` answers something; throws with what it saw last. */
export async function until<T>(what: string, seen: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await seen();
    if (found !== undefined) return found;
    if (Date.now() > deadline) assert.fail(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

type Why = OpenOutput<"message.why">;

/** The states of a message that nothing holds up, in their order. */
const course: Why["state"][] = [
  "queued",
  "accepted",
  "stored",
  "offered",
  "in_context",
  "answered",
];

/** A table of hooks with those that load something before their program. */
function patiently(hooksJson: string): string {
  const hooks = hooksJson.replaceAll(
    JSON.stringify(entry),
    `${JSON.stringify(`--import=${patientHook}`)}, ${JSON.stringify(entry)}`,
  );
  assert.notEqual(hooks, hooksJson);
  return hooks.replaceAll(/"timeout": \d+/g, '"timeout": 60');
}

/** One person on this machine: a home, its daemon as a process of its own, and a way to speak to it. */
export class Person {
  readonly name: string;
  readonly home: string;
  readonly env: Record<string, string>;
  #daemon: ChildProcess | undefined;
  #device: SocketDevice | undefined;

  constructor(name: string, folder: string, broker: string) {
    this.name = name;
    this.home = join(folder, name);
    mkdirSync(this.home, { recursive: true, mode: 0o700 });
    this.env = {
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      HOME: folder,
      CLAUDEMESH_HOME: this.home,
      CLAUDEMESH_BROKER: broker,
      ...compileCache,
    };
  }

  get daemonPid(): number {
    return this.#daemon?.pid ?? 0;
  }

  async startDaemon(): Promise<void> {
    const daemon = spawn(process.execPath, [daemonProgram, this.home, "--report"], {
      env: this.env,
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    });
    this.#daemon = daemon;
    const report = await text(daemon.stdio[3] as Readable);
    assert.deepEqual(JSON.parse(report), { is: "ready" });
  }

  /** Ends it as a power cut would. */
  async killDaemon(): Promise<void> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    if (daemon === undefined) return;
    const gone = once(daemon, "exit");
    daemon.kill("SIGKILL");
    await gone;
    await this.#device?.close();
    this.#device = undefined;
  }

  /** Ends the daemon as an operator would, also one that a program of this person's has started. */
  async stopDaemon(): Promise<void> {
    await this.#device?.close();
    this.#device = undefined;
    const daemon = this.#daemon;
    this.#daemon = undefined;
    if (daemon !== undefined && daemon.exitCode === null && daemon.signalCode === null) {
      const gone = once(daemon, "exit");
      daemon.kill("SIGTERM");
      await gone;
    }
    const pid = await this.runningDaemon();
    if (pid === undefined) return;
    process.kill(pid, "SIGTERM");
    await until(`the end of daemon ${pid}`, async () => (isRunning(pid) ? undefined : true));
  }

  /** The process of the daemon that answers now, whoever has started it. */
  async runningDaemon(): Promise<number | undefined> {
    try {
      const hello = await getRaw(join(this.home, "daemon.sock"), "/v1/hello", patienceMs);
      return (JSON.parse(hello) as { pid: number }).pid;
    } catch {
      return undefined;
    }
  }

  /** The person's device, behind the daemon's socket; with `agentSession` an agent session calls. */
  async device(agentSession?: string): Promise<SocketDevice> {
    if (agentSession === undefined && this.#device !== undefined) return this.#device;
    const access = {
      place: { home: this.home, platform: process.platform, tempDir: tmpdir(), env: {} },
      version: manifest.version,
      headers: {
        [headers.reader]: `${this.name}-${agentSession ?? "person"}`,
        [headers.name]: this.name,
        ...(agentSession === undefined ? {} : { [headers.session]: agentSession }),
      },
    };
    const open = async () => openDaemon(access);
    const client = await open();
    assert.ok(client, `no daemon of ${this.name}`);
    const timer = (ms: number, fn: () => void) => {
      const handle = setTimeout(fn, ms);
      return () => clearTimeout(handle);
    };
    const device = socketDevice({ client, reopen: open, warn: () => {}, timer });
    if (agentSession === undefined) this.#device = device;
    return device;
  }

  async send(to: string, message: string, more: object = {}): Promise<MessageId> {
    const device = await this.device();
    const { id } = await device.api.message.send({ to, text: message, ...more });
    return id;
  }

  async why(id: string): Promise<Why> {
    return (await this.device()).api.message.why({ id });
  }

  /** Settles when the message has got so far, or farther by now, with its story. What is held stays so until a test goes on. */
  reaches(id: string, state: Why["state"], reason?: string): Promise<Why> {
    const from = course.indexOf(state);
    return this.until(id, from === -1 ? [state] : course.slice(from), reason);
  }

  /** Settles when the message is in one of these states. */
  async until(id: string, states: readonly Why["state"][], reason?: string): Promise<Why> {
    let last: Why | undefined;
    try {
      return await until(`${states} of ${id}`, async () => {
        last = await this.why(id);
        const fits = states.includes(last.state);
        return fits && (reason === undefined || last.reason === reason) ? last : undefined;
      });
    } catch {
      return assert.fail(`${this.name}: ${id} is ${JSON.stringify(last, undefined, 1)}`);
    }
  }

  /** The person's agent sessions as the broker tells of them. */
  async sessions(): Promise<OpenOutput<"peer.list">["items"]> {
    const { items } = await (await this.device()).api.peer.list({});
    return items.filter(({ self, session }) => self && session !== undefined);
  }

  /** Settles when so many agent sessions of this person's stand so. */
  async hasSessions(count: number, status = "idle"): Promise<void> {
    await until(`${count} sessions of ${this.name} that are ${status}`, async () => {
      const fitting = (await this.sessions()).filter((one) => one.status === status);
      return fitting.length === count ? fitting : undefined;
    });
  }

  /** The plugin that `claudemesh install` would give to this person's agents, but that its hooks wait for as long as a busy machine takes. */
  plugin({ hooks }: { readonly hooks: boolean } = { hooks: true }): string {
    const folder = join(this.home, `plugin-${hooks}`);
    const program = { node: process.execPath, entry, home: this.home };
    const { version } = manifest;
    const files = pluginFiles({ program, call: "claudemesh", version, hooks });
    for (const [path, content] of files) {
      const at = join(folder, path);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, path.endsWith("hooks.json") ? patiently(content) : content);
    }
    return join(folder, "claudemesh");
  }
}
