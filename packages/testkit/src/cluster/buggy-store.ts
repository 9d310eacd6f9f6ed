import { ready, systemRandom } from "@claudemesh/crypto";
import { openBus } from "../../../../apps/broker/src/bus/open-bus.ts";
import type { Bus } from "../../../../apps/broker/src/bus/port.ts";
import type { BrokerSecrets } from "../../../../apps/broker/src/config/secrets.ts";
import type { BrokerConfig } from "../../../../apps/broker/src/config/settings.ts";
import type { Store } from "../../../../apps/broker/src/store/port.ts";
import { openPostgresStore } from "../../../../apps/broker/src/store/postgres/open.ts";
import { systemTimer } from "../../../../apps/broker/src/timer.ts";
import { withEarlyReply } from "../chaos/early-reply.ts";
import type { ClusterBug } from "./orders.ts";

const timer = systemTimer;
/** longer than a test's process may hang between an answer and what it does next */
const lateMs = 2_000;
/** longer than any run */
const never = 2 ** 31 - 1;

/** A node's way to the others, and its store with a bug planted in it. */
export async function openBuggyStore(
  bug: ClusterBug,
  config: BrokerConfig,
  secrets: BrokerSecrets,
): Promise<{ readonly bus: Bus; readonly store: Store }> {
  await ready();
  const around = { random: systemRandom, now: Date.now, timer, log: () => {} };
  const bus = await openBus(config, secrets, around);
  const store = await openPostgresStore({
    url: secrets.databaseUrl ?? "",
    now: Date.now,
    timer,
    bus,
    timeoutMs: config.postgresTimeoutMs,
    ...(bug === "no-look" ? { lookMs: never } : {}),
  });
  const late = (ms: number, fn: () => void) => timer.after(ms, fn);
  return { bus, store: bug === "early-reply" ? withEarlyReply(store, late, lateMs) : store };
}
