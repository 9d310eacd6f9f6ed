import { readFileSync } from "node:fs";

/** Whether a process of that id runs. One that has ended and is only kept for its parent does not, where the system's `/proc` tells it (`proc_pid_stat(5)`): in a container there may be nobody to fetch it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as { code?: unknown }).code === "EPERM";
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before the state stands in parentheses and may hold parentheses itself.
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return true;
  }
}
