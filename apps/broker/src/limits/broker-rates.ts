import { type LimitClass, limits as protocolLimits } from "@claudemesh/protocol";
import type { Bus } from "../bus/port.ts";
import type { BrokerConfig } from "../config/settings.ts";
import { RateLimit } from "../rate-limit.ts";
import type { Timer } from "../timer.ts";
import { ownLimits } from "./own-limits.ts";
import { shareRates } from "./shared-rates.ts";

/** The rates at which callers may ask. */
export interface BrokerRates {
  /** by an operation's class */
  readonly classes: Readonly<Record<Exclude<LimitClass, "none">, RateLimit>>;
  /** of operations that have a rate of their own */
  readonly own: ReadonlyMap<string, RateLimit>;
  readonly receipts: RateLimit;
  /** joins, by invite */
  readonly joins: RateLimit;
  /** posts to webhooks, by webhook */
  readonly hooks: RateLimit;
}

const hookRate = { perSecond: 2, burst: 60 };

/** Makes the limits of a broker, one with those of the other nodes where there are any. Those of addresses stay each node's: its proxy sees to them. */
export function brokerRates(
  config: BrokerConfig,
  { now, bus, timer }: { readonly now: () => number; readonly bus: Bus; readonly timer: Timer },
): BrokerRates {
  const classes = {
    join: new RateLimit(config.rateJoin, now),
    message: new RateLimit(config.rateMessage, now),
    presence: new RateLimit(config.ratePresence, now),
    read: new RateLimit(config.rateRead, now),
    write: new RateLimit(config.rateWrite, now),
  };
  const own = ownLimits(config.rateOps, now);
  const receipts = new RateLimit(config.rateReceipt, now);
  const perSecond = protocolLimits.joinsPerSecond;
  const joins = new RateLimit({ perSecond, burst: perSecond }, now);
  const hooks = new RateLimit(hookRate, now);
  if (bus.kind !== "in-process") {
    const all = Object.entries({ ...classes, hooks, joins, receipts });
    shareRates(new Map([...own, ...all]), { bus, timer });
  }
  return { classes, hooks, own, receipts, joins };
}
