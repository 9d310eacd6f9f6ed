import { readdirSync, readFileSync } from "node:fs";

/** What a process's threads have run, in ms: its event loop, and all together. NaN where there is no /proc. */
export interface ThreadTimes {
  readonly eventLoop: number;
  readonly all: number;
}

export function threadTimes(pid: number): ThreadTimes {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const runMs = (task: string) => {
      const [ran = ""] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ");
      return Number(ran) / 1e6;
    };
    const all = tasks.reduce((sum, task) => sum + runMs(task), 0);
    return { eventLoop: runMs(String(pid)), all };
  } catch {
    return { eventLoop: Number.NaN, all: Number.NaN };
  }
}
