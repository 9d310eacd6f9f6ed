import { readdirSync, readFileSync } from "node:fs";

/** A live process of a run. */
export interface RunProcess {
  readonly pid: number;
  readonly parent: number;
  readonly kind: "daemon" | "pipe" | "other";
  readonly command: string;
}

/** Every live process whose command line or environment names this folder, but for this one; on Linux only, elsewhere none. */
export function processesOf(folder: string): RunProcess[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
        const command = words.join(" ").trim();
        const isOurs =
          command.includes(folder) ||
          readFileSync(`/proc/${name}/environ`, "utf8").includes(folder);
        // What has ended and was not waited for has no command line any more.
        if (command === "" || !isOurs) return [];
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return [{ pid: Number(name), parent: Number(parent), kind: kindOf(words), command }];
      } catch {
        return [];
      }
    });
}

function kindOf(words: readonly string[]): RunProcess["kind"] {
  if (words.some((word) => word.endsWith("daemon-process.js"))) return "daemon";
  return words.includes("mcp") ? "pipe" : "other";
}

/** Sends a signal to a process that may be gone by now. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
