import { spawn } from "node:child_process";
import { childEnv, type Identity } from "../agent/fake/identity.ts";
import { entry } from "./programs.ts";

interface HookOutput {
  readonly hookSpecificOutput?: { readonly additionalContext?: string };
}

const killing = `--import=${new URL("./killed-after-printing.js", import.meta.url).href}`;

/**
 * Runs the real hook program as the agent does; answers the context that it printed, if any. With `isKilled` the hook is killed as soon as its output
 * is there, before it can say so to the daemon.
 */
export function runHook(
  identity: Identity,
  name: string,
  more: object,
  isKilled = false,
): Promise<string | undefined> {
  const child = spawn(process.execPath, [entry, "hook"], {
    cwd: identity.cwd,
    env: { ...childEnv(identity, name), ...(isKilled ? { NODE_OPTIONS: killing } : {}) },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(
    JSON.stringify({
      session_id: identity.session,
      transcript_path: identity.transcript,
      cwd: identity.cwd,
      hook_event_name: name,
      ...more,
    }),
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return new Promise((resolve) => {
    child.on("error", () => resolve(undefined));
    child.on("close", (code) => resolve(code === 0 || isKilled ? contextIn(text) : undefined));
  });
}

function contextIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as HookOutput).hookSpecificOutput?.additionalContext;
  } catch {
    return undefined;
  }
}
