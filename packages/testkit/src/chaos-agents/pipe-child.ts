import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Identity, serverEnv } from "../agent/fake/identity.ts";
import { entry } from "./programs.ts";

const clientInfo = { name: "claude-code", version: "2.1.329" };

/** The real push-pipe as the session's child. Whoever kills it leaves the session without, until it is started again. */
export class PipeChild {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;

  constructor(identity: Identity, onEnd: () => void) {
    const child = spawn(process.execPath, [entry, "mcp"], {
      cwd: identity.cwd,
      env: serverEnv(identity, undefined),
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#child = child;
    child.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    child.stdout.resume();
    this.#closed = once(child, "close").then(onEnd);
    const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    for (const line of [
      { id: 1, method: "initialize", params },
      { method: "notifications/initialized" },
    ]) {
      child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...line })}\n`);
    }
  }

  /** Ends it as the agent does. */
  async end(): Promise<void> {
    this.#child.kill("SIGINT");
    const last = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.#closed;
    clearTimeout(last);
  }
}
