import type { Envelope } from "@claudemesh/protocol";
import { type BareMember, found, join } from "@claudemesh/testkit";
import { residentMiB } from "../child.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import type { BrokerProcess } from "./broker-process.ts";

const text = "x".repeat(512);

/** Messages that the broker accepted after a sync, per second; sealed beforehand, so that the broker and not the client's cryptography is measured. */
export async function durableMessages(broker: BrokerProcess, inFlight: number): Promise<Row> {
  const alice = await found(broker.url, "alice");
  const bob = await join(alice, "bob");
  const client = alice.connect("call");
  await client.ready();
  return {
    name: `claudemesh accepted, ${inFlight} in flight`,
    reference: false,
    measure: async ({ ms }) => {
      const sealed = sealAhead(alice, bob, ms);
      const { perSecond, latencies } = await saturate(inFlight, ms, async () => {
        const envelope = sealed.pop() ?? alice.seal(bob, text);
        await client.message.send({ envelope });
      });
      return {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(broker.pid),
      };
    },
    close: () => client.close(),
  };
}

/** As many as a fast broker could take in `ms`. */
function sealAhead(from: BareMember, to: BareMember, ms: number): Envelope[] {
  return Array.from({ length: Math.ceil(ms * 10) }, () => from.seal(to, text)).reverse();
}
