import type { DueCall } from "@claudemesh/protocol";

/** Whether a time is one that its author named: a broker says when it has come, and not which it is. */
export async function isTimeOf({ at, cron, zone }: DueCall, planned: number): Promise<boolean> {
  if (cron === undefined) return at === planned;
  const { Cron } = await import("croner");
  const times = new Cron(cron.trim(), { mode: "5-part", timezone: zone ?? "UTC", paused: true });
  const [next] = times.nextRuns(1, new Date(planned - 1_000));
  return next?.getTime() === planned;
}
