import type { RandomSource } from "@claudemesh/crypto";
import { toHex } from "@claudemesh/crypto";

/** Names this device instance in claims: the process id, then something random. */
export const claimToken = (pid: number, random: RandomSource): string =>
  `${pid}:${toHex(random(8))}`;

/** Whether the process behind a claim still runs. A claim of this very process counts as live: closing a device releases its own. */
export function isClaimLive(token: string): boolean {
  const pid = Number.parseInt(token, 10);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, under another user.
    return (error as { code?: unknown }).code === "EPERM";
  }
}
