import { MeshError } from "@claudemesh/protocol";
import type { Cron } from "croner";

/**
 * The next times of a five-field cron expression after one, at most `count`. Throws `malformed` naming what cannot be read. A time that a change of clocks
 * skips is moved to the end of the gap, and one that comes twice counts once.
 */
export async function nextTimes(
  cron: string,
  zone: string | undefined,
  after: number,
  count: number,
): Promise<number[]> {
  const runs = (await parsed(cron, zone)).nextRuns(count, new Date(after));
  return runs.map((time) => time.getTime());
}

async function parsed(cron: string, zone = "UTC"): Promise<Cron> {
  requireZone(zone);
  if (cron.trim().split(/ +/).length !== 5) {
    throw new MeshError("malformed", "cron: expected five fields: minute hour day month weekday");
  }
  const { Cron } = await import("croner");
  try {
    // In a cron of Unix either of day and weekday fits where both are given.
    return new Cron(cron.trim(), { mode: "5-part", timezone: zone, paused: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^Cron\w*: /, "") : "";
    throw new MeshError("malformed", `cron: ${why.slice(0, 200) || "not a cron expression"}`);
  }
}

function requireZone(zone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    throw new MeshError("malformed", "zone: there is no time zone of that name", {
      hint: "names are such as Europe/Berlin, America/New_York or UTC",
    });
  }
}
