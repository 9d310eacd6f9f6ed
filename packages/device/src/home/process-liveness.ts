import { readFileSync } from "node:fs";
import type { RandomSource } from "@claudemesh/crypto";
import { toHex } from "@claudemesh/crypto";

/**
 * Names this device instance in claims: the process id, then, where the system's `/proc` tells them, the boot and the start of the process in it, by which
 * a later process of the same id is told apart; then something random.
 */
export const claimToken = (pid: number, random: RandomSource): string =>
  `${pid}:${birthOf(pid) ?? ""}:${toHex(random(8))}`;

/** Whether the process behind a claim still runs. A claim of this very process counts as live: closing a device releases its own. */
export function isClaimLive(token: string): boolean {
  const [digits = "", birth = ""] = token.split(":");
  const pid = Number(digits);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  return birth === "" ? isRunning(pid) : birthOf(pid) === birth;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as { code?: unknown }).code === "EPERM";
  }
}

/** States of a process that has ended and is only kept for its parent. */
const ended: ReadonlySet<string | undefined> = new Set(["Z", "X"]);

/** Boot and start time of a running process, as `proc_pid_stat(5)` has them; undefined where it does not run or nothing tells. */
export function birthOf(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before the state stands in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, start] = [fields[0], fields[19]];
    return start === undefined || ended.has(state) ? undefined : `${boot}.${start}`;
  } catch {
    return undefined;
  }
}
