import type { Bus } from "../bus/port.ts";
import type { RateLimit } from "../rate-limit.ts";
import type { Timer } from "../timer.ts";

const subject = "nodes.rates";
const tellMs = 250;
/** subjects in one signal; of more, the rest is told by what they spend next */
const most = 1_000;

/** What was spent at one node: by limit, subject and tokens. */
type Spent = readonly (readonly [limit: string, subject: string, tokens: number])[];

/**
 * Makes one limit of those of all nodes: each tells what was spent of buckets that are less than half full, and the others take it from theirs. Whoever stays far from a limit costs
 * nothing; whoever spends at several nodes at once is over it by what it spends before they have heard. Answers a function that ends it.
 */
export function shareRates(
  limits: ReadonlyMap<string, RateLimit>,
  { bus, timer }: { readonly bus: Bus; readonly timer: Timer },
): () => void {
  for (const limit of limits.values()) limit.remember();
  const stopTelling = timer.every(tellMs, () => {
    const spent = [...limits].flatMap(([name, limit]) =>
      limit.forgetSpent().map(([who, tokens]) => [name, who, tokens] as const),
    );
    if (spent.length > 0) bus.publish(subject, JSON.stringify(spent.slice(0, most)));
  });
  const stopHearing = bus.subscribe(subject, (payload) => {
    for (const [name, who, tokens] of JSON.parse(payload) as Spent) {
      limits.get(name)?.count(who, tokens);
    }
  });
  return () => {
    stopTelling();
    stopHearing();
  };
}
