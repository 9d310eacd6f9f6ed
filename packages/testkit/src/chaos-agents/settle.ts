import { type Pending, pendingAt } from "./audit.ts";
import { type AgentsGround, people } from "./ground.ts";

const lookMs = 200;

/** Looks until nothing is under way at any home, or nothing has moved for `patienceMs`; answers what still is. What is only given to who asks for it may be left out. */
export async function settle(
  ground: AgentsGround,
  { patienceMs, without }: { patienceMs: number; without: readonly Pending[] },
): Promise<readonly string[]> {
  let last = "";
  let since = Date.now();
  for (;;) {
    const pending = people.flatMap((who) =>
      Object.entries(pendingAt(ground.home(who)))
        .filter(([what, count]) => count > 0 && !without.includes(what as Pending))
        .map(([what, count]) => `${who}: ${count} ${what}`),
    );
    if (pending.length === 0) return [];
    const now = pending.join(", ");
    if (now !== last) {
      ground.options.progress(`under way: ${now}`);
      last = now;
      since = Date.now();
    } else if (Date.now() - since > patienceMs) return pending;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** Looks until `isSo` answers true, at most for `mostMs`; answers how long that took, undefined when it did not come. */
export async function until(
  mostMs: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<number | undefined> {
  const start = performance.now();
  for (;;) {
    if (await isSo()) return performance.now() - start;
    if (performance.now() - start > mostMs) return undefined;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}
