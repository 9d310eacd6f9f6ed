import { readFileSync } from "node:fs";
import { threadTimes } from "../claudemesh/thread-times.ts";

/** CPU time that a server which works in processes of its own has taken, in ms: PostgreSQL's by its first process. What has ended meanwhile is not in it. */
export function childrenMs(parent: number): number {
  try {
    const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8");
    const pids = [parent, ...children.trim().split(" ").filter(Boolean).map(Number)];
    return pids.reduce((sum, pid) => sum + ranMs(pid), 0);
  } catch {
    return Number.NaN;
  }
}

function ranMs(pid: number): number {
  try {
    const [ran = ""] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ");
    return Number(ran) / 1e6;
  } catch {
    return 0;
  }
}

/** CPU time of all threads of these processes together, in ms. */
export const processesMs = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + threadTimes(pid).all, 0);
