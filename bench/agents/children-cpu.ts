import { readFileSync } from "node:fs";

/** User and system time in ms of all child processes that have ended and were waited for, in steps of 10 ms; NaN where there is no /proc. */
export function childrenCpuMs(): number {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The name, in parentheses, may hold spaces; the fields after it begin with the third.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}
