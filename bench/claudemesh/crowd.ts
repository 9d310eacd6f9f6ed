import { type BareMember, found, join } from "@claudemesh/testkit";
import { peakMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";
import { here, startBroker } from "./broker-process.ts";
import { LoadClient } from "./load-client.ts";
import { messageFrames } from "./message-frames.ts";

export interface CrowdSize {
  readonly members: number;
  /** messages that each member sends, all to the next one */
  readonly each: number;
  /** of each member */
  readonly inFlight: number;
}

const patienceMs = 120_000;

/** Many members of one mesh, all sending at once: latency is from the socket write to the recipient's event. Fails unless everything is delivered, once. */
export async function crowd(resources: Resources, size: CrowdSize, checkout = here): Promise<Row> {
  const { members, each, inFlight } = size;
  const broker = await startBroker(resources, checkout);
  const first = await found(broker.url, "first");
  const everyone: BareMember[] = [first];
  while (everyone.length < members) everyone.push(await join(first, `member ${everyone.length}`));
  const clients: LoadClient[] = [];
  for (const member of everyone) clients.push(await LoadClient.open(member, "feed"));
  resources.defer(() => {
    for (const client of clients) client.close();
  });
  return {
    name: `${checkout === here ? "claudemesh" : "compared checkout"} ${members} members send ${each} each, ${inFlight} in flight each`,
    reference: checkout !== here,
    rounds: 1,
    measure: async () => {
      const sentAt = new Map<string, number>();
      const latencies: number[] = [];
      const delivered = Promise.withResolvers<void>();
      const onEvent = (text: string): void => {
        const id = /"id":"(msg_[^"]*)"/.exec(text)?.[1];
        if (!text.startsWith('{"type":"event","kind":"message"') || id === undefined) return;
        const began = sentAt.get(id);
        if (began === undefined) {
          delivered.reject(new Error(`${id} came twice`));
          return;
        }
        sentAt.delete(id);
        latencies.push(performance.now() - began);
        if (latencies.length === members * each) delivered.resolve();
      };
      const start = performance.now();
      const sending = clients.map(async (client, index) => {
        client.onEvent = onEvent;
        const to = everyone[(index + 1) % members] as BareMember;
        const nextFrame = messageFrames(everyone[index] as BareMember, to);
        let left = each;
        const lane = async (): Promise<void> => {
          while (left > 0) {
            left -= 1;
            const frame = nextFrame();
            sentAt.set(frame.id, performance.now());
            await client.send(frame);
          }
        };
        await Promise.all(Array.from({ length: inFlight }, lane));
      });
      await Promise.all(sending);
      const missing = () =>
        delivered.reject(new Error(`${members * each - latencies.length} were not delivered`));
      const patience = setTimeout(missing, patienceMs);
      await delivered.promise;
      clearTimeout(patience);
      return {
        "per second": (latencies.length * 1000) / (performance.now() - start),
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await peakMiB(broker.pid),
      };
    },
  };
}
