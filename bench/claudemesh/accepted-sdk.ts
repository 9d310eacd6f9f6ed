import { found, join } from "@claudemesh/testkit";
import { residentMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { startBroker } from "./broker-process.ts";
import { type Accepted, checkLog } from "./log-check.ts";
import { messageEnvelopes } from "./message-frames.ts";

/** As `accepted`, through the SDK's client as programs use it. */
export async function acceptedThroughSdk(resources: Resources, inFlight: number): Promise<Row> {
  const broker = await startBroker(resources);
  const alice = await found(broker.url, "alice");
  const bob = await join(alice, "bob");
  const client = alice.connect("call");
  resources.defer(() => client.close());
  await client.ready();
  const nextEnvelope = messageEnvelopes(alice, bob);
  return {
    name: `claudemesh accepted, ${inFlight} in flight, SDK`,
    reference: false,
    measure: async ({ ms }) => {
      const seen: Accepted = new Map();
      const { perSecond, latencies } = await saturate(inFlight, ms, async () => {
        const { seq, id } = await client.message.send({ envelope: nextEnvelope() });
        seen.set(seq, id);
      });
      checkLog(broker.database, alice.mesh, seen);
      return {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(broker.pid),
      };
    },
  };
}
