import { type Received, receiveEnvelope } from "@claudemesh/crypto";
import { found, join } from "@claudemesh/testkit";
import { residentMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { startBroker } from "./broker-process.ts";

const text = "x".repeat(512);

/** From plain text at the sender to plain text at the recipient: seal, sign, append, sync, push, verify, open. Sender and recipient share one process. */
export async function endToEnd(resources: Resources, inFlight: number): Promise<Row> {
  const broker = await startBroker(resources);
  const alice = await found(broker.url, "alice");
  const bob = await join(alice, "bob");
  const sender = alice.connect("call");
  const feed = bob.connect("feed");
  resources.defer(async () => {
    await sender.close();
    await feed.close();
  });
  await Promise.all([sender.ready(), feed.ready()]);
  const receiver = {
    roster: bob.roster,
    self: { mesh: bob.mesh, member: bob.member },
    opener: bob.secret.opener,
  };
  const waiting = new Map<string, (received: Received) => void>();
  let seq = 0;
  const receive = async (): Promise<void> => {
    for await (const event of feed.events()) {
      if (event.kind !== "message") continue;
      seq = event.seq;
      waiting.get(event.id)?.(receiveEnvelope(event.body, receiver));
      waiting.delete(event.id);
    }
  };
  void receive();
  const exchange = async (): Promise<void> => {
    const envelope = alice.seal(bob, text);
    const { id } = envelope.header;
    const read = new Promise<Received>((resolve) => waiting.set(id, resolve));
    await sender.message.send({ envelope });
    const { result } = await read;
    if (result !== "opened") throw new Error(`not opened: ${result}`);
  };
  return {
    name: `claudemesh send → recipient reads, ${inFlight} in flight`,
    reference: false,
    measure: async ({ ms }) => {
      const { perSecond, latencies } = await saturate(inFlight, ms, exchange);
      await feed.acknowledge({ seq });
      return {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(broker.pid),
      };
    },
  };
}
