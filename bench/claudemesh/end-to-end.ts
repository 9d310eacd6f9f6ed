import { type Received, receiveEnvelope } from "@claudemesh/crypto";
import { found, join } from "@claudemesh/testkit";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";
import { startBroker } from "./broker-process.ts";

const text = "x".repeat(512);

/** From plain text at the sender to plain text at the recipient: seal, sign, append, sync, push, verify, open. One at a time. */
export async function endToEnd(resources: Resources): Promise<Row> {
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
  const events = feed.events()[Symbol.asyncIterator]();
  const self = { mesh: bob.mesh, member: bob.member };

  const nextMessage = async (): Promise<{ seq: number; received: Received }> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error("the feed ended");
      if (value.kind !== "message") continue;
      const receiver = { roster: bob.roster, self, opener: bob.secret.opener };
      return { seq: value.seq, received: receiveEnvelope(value.body, receiver) };
    }
  };
  return {
    name: "claudemesh send → recipient reads",
    reference: false,
    measure: async ({ ms }) => {
      const latencies: number[] = [];
      const start = performance.now();
      let seq = 0;
      while (performance.now() - start < ms) {
        const began = performance.now();
        const accepted = sender.message.send({ envelope: alice.seal(bob, text) });
        const next = await nextMessage();
        latencies.push(performance.now() - began);
        if (next.received.result !== "opened")
          throw new Error(`not opened: ${next.received.result}`);
        await accepted;
        seq = next.seq;
      }
      await feed.acknowledge({ seq });
      return {
        "per second": (latencies.length * 1000) / (performance.now() - start),
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
      };
    },
  };
}
