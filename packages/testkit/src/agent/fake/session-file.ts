import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Identity } from "./identity.ts";

/** `sessions/<pid>.json`: how a running session shows itself to others of the same person. */
export class SessionFile {
  readonly #path: string;
  readonly #fixed: object;
  readonly #now: () => Date;

  constructor(identity: Identity, now: () => Date) {
    const startedAt = now().getTime();
    const folder = join(identity.config, "sessions");
    this.#now = now;
    this.#path = join(folder, `${process.pid}.json`);
    this.#fixed = {
      pid: process.pid,
      sessionId: identity.session,
      cwd: identity.cwd,
      startedAt,
      version: "2.1.329",
      peerProtocol: 1,
      peerFeatures: [],
      kind: "interactive",
      entrypoint: identity.entrypoint,
      messagingSocketPath: identity.socket,
      name: basename(identity.cwd),
      nameSource: "derived",
      nameSince: startedAt,
    };
    mkdirSync(folder, { recursive: true });
    this.set("idle");
  }

  set(status: "idle" | "busy"): void {
    const at = this.#now().getTime();
    const all = { ...this.#fixed, status, updatedAt: at, statusUpdatedAt: at };
    writeFileSync(this.#path, JSON.stringify(all));
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
