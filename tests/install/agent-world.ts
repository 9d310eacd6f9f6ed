import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { cliFolder } from "../../packages/testkit/src/cli-folder.ts";
import { compileCache } from "../../packages/testkit/src/compile-cache.ts";

const entry = join(cliFolder, "claudemesh.js");

/** Claude Code's own bookkeeping, which changes whenever it runs. */
const itsOwn = /^\.claude\/(backups|telemetry)\/|^\.claude\.json$/;

/** A person's folder with an agent's program on the PATH. */
export class AgentWorld implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "claudemesh-install-"));
  readonly settings = join(this.folder, ".claude", "settings.json");
  readonly entry = entry;
  readonly state = join(this.folder, ".claude.json");

  constructor() {
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(dirname(this.settings));
  }

  /** Puts a real program in the place of `claude`. */
  link(binary: string): void {
    symlinkSync(binary, join(this.folder, "bin", "claude"));
  }

  /** Puts an agent there that is too old to know plugins: it says its version and refuses every command. */
  oldAgent(): void {
    const path = join(this.folder, "bin", "claude");
    writeFileSync(
      path,
      '#!/bin/sh\n[ "$1" = --version ] && echo "1.0.30 (Claude Code)" && exit 0\necho "unknown command $1" >&2\nexit 1\n',
    );
    chmodSync(path, 0o755);
  }

  withoutAgent(): void {
    rmSync(join(this.folder, "bin", "claude"));
  }

  environment(): Record<string, string> {
    return {
      PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`,
      HOME: this.folder,
      LANG: "C.UTF-8",
      ...compileCache,
      DISABLE_AUTOUPDATER: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      DISABLE_TELEMETRY: "1",
    };
  }

  run(...args: readonly string[]): {
    readonly exit: number | null;
    readonly stdout: string;
    readonly stderr: string;
  } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
      encoding: "utf8",
      cwd: this.folder,
      env: this.environment(),
    });
    return { exit: status, stdout, stderr };
  }

  /** Every file of the agent, by path, as bytes. */
  agentFiles(): Record<string, string> {
    return Object.fromEntries(
      readdirSync(this.folder, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => relative(this.folder, join(one.parentPath, one.name)))
        .filter((path) => path.startsWith(".claude") && !path.startsWith(".claudemesh"))
        .filter((path) => !itsOwn.test(path))
        .map((path) => [path, readFileSync(join(this.folder, path), "base64")]),
    );
  }

  [Symbol.dispose](): void {
    this.run("daemon", "stop");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
