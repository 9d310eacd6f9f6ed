import { spawn } from "node:child_process";
import { constants } from "node:os";
import { MeshError } from "@claudemesh/protocol/light";
import type { Host } from "../host.ts";

/** Modes that a program may leave on: alternate screen, hidden cursor, bracketed paste, mouse and focus reports, colours. */
const plainModes =
  "\u001b[?1049l\u001b[?25h\u001b[?2004l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?1004l\u001b[0m";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGWINCH"] as const;

/** Puts the terminal back as a shell expects it, after a program that may have ended in the middle. */
export function restoreTerminal({ stdin, stdout }: Host): void {
  if (stdin.isTTY) (stdin as Partial<NodeJS.ReadStream>).setRawMode?.(false);
  if (stdout.isTTY) stdout.write(plainModes);
}

/**
 * Runs an agent's program in the foreground with this terminal, passes signals on, and answers its exit code; 128 and the signal's number when a signal
 * ended it, as shells do.
 */
export async function runAgent(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  host: Host,
): Promise<number> {
  const child = spawn(path, args, { env, stdio: "inherit" });
  const handlers = forwarded.map((signal) => {
    const pass = () => void child.kill(signal);
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on("error", (cause) =>
        reject(new MeshError("agent_missing", `${path} cannot be started`, { cause })),
      );
      child.on("exit", (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      );
    });
  } finally {
    for (const off of handlers) off();
    restoreTerminal(host);
  }
}
