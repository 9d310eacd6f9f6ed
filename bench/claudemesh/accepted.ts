import { found, join } from "@claudemesh/testkit";
import { residentMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { here, startBroker } from "./broker-process.ts";
import { LoadClient } from "./load-client.ts";
import { type Accepted, checkLog } from "./log-check.ts";
import { messageFrames } from "./message-frames.ts";
import { threadTimes } from "./thread-times.ts";

/** Messages that a broker of its own accepted after a sync, per second, from a client that costs as little as it can. */
export async function accepted(
  resources: Resources,
  inFlight: number,
  checkout = here,
): Promise<Row> {
  const broker = await startBroker(resources, checkout);
  const alice = await found(broker.url, "alice");
  const bob = await join(alice, "bob");
  const client = await LoadClient.open(alice, "call");
  resources.defer(() => client.close());
  const nextFrame = messageFrames(alice, bob);
  const name = checkout === here ? "claudemesh" : "compared checkout";
  return {
    name: `${name} accepted, ${inFlight} in flight`,
    reference: checkout !== here,
    measure: async ({ ms }) => {
      const seen: Accepted = new Map();
      const before = threadTimes(broker.pid);
      const { perSecond, latencies } = await saturate(inFlight, ms, async () => {
        const frame = nextFrame();
        seen.set(await client.send(frame), frame.id);
      });
      const after = threadTimes(broker.pid);
      const usEach = (ms: number) => (ms * 1000) / latencies.length;
      checkLog(broker.database, alice.mesh, seen);
      return {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "loop µs": usEach(after.eventLoop - before.eventLoop),
        "server µs": usEach(after.all - before.all),
        "server MiB": await residentMiB(broker.pid),
      };
    },
  };
}
