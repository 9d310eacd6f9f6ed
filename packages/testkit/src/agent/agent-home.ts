import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compileCache } from "../compile-cache.ts";
import type { PermissionMode } from "./scenario.ts";

const key = "not-a-real-key";

/** The private folders that one agent lives in: nothing of the person who runs the tests is read or written. */
export class AgentHome implements Disposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "cm-agent-")));
  /** the agent's working directory */
  readonly project = join(this.root, "project");
  readonly config = join(this.root, "config");
  readonly runtime = join(this.root, "run");

  constructor() {
    for (const folder of [this.project, this.config, this.runtime, join(this.root, "tmp")]) {
      mkdirSync(folder, { mode: 0o700 });
    }
    const known = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };
    const answers = {
      hasCompletedOnboarding: true,
      bypassPermissionsModeAccepted: true,
      customApiKeyResponses: { approved: [key], rejected: [] },
      projects: { [this.project]: known },
    };
    writeFileSync(join(this.config, ".claude.json"), JSON.stringify(answers));
  }

  /** Where the agent keeps the transcript of a session. */
  transcript(session: string): string {
    const folder = this.project.replaceAll(/[^a-zA-Z0-9]/g, "-");
    return join(this.config, "projects", folder, `${session}.jsonl`);
  }

  /** Everything that an agent's process gets. Whatever is not for loopback goes to a proxy that is not there. */
  environment(stage: string, mode: PermissionMode | undefined): Record<string, string> {
    const nowhere = "http://127.0.0.1:9";
    return {
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
      HOME: this.root,
      TMPDIR: join(this.root, "tmp"),
      CLAUDE_CONFIG_DIR: this.config,
      XDG_RUNTIME_DIR: this.runtime,
      ANTHROPIC_BASE_URL: stage,
      ANTHROPIC_API_KEY: key,
      CLAUDEMESH_STAGE: stage,
      DISABLE_AUTOUPDATER: "1",
      DISABLE_TELEMETRY: "1",
      DISABLE_ERROR_REPORTING: "1",
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: "1",
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: "127.0.0.1,localhost",
      TERM: "xterm-256color",
      ...compileCache,
      // Without a word for it, the real one refuses to bypass permissions when the tests run as root.
      ...(mode === "bypassPermissions" ? { IS_SANDBOX: "1" } : {}),
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
