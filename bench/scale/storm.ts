import type { BareMember } from "@claudemesh/testkit";
import type { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { LoadClient } from "../claudemesh/load-client.ts";
import type { Row } from "../row.ts";
import { processesMs } from "./cpu.ts";
import { latencyFigures, memberAt } from "./traffic.ts";

/** handshakes under way at a time: what a server's queue of new connections holds */
const atOnce = 200;

/** So many members' devices, which were there before and have read everything, open their feeds at the same moment, as after a restart of a node; until each has been welcomed. What it leaves behind is gone when it ends. */
export function storm(members: readonly BareMember[], node: BrokerProcess, count: number): Row {
  return {
    name: `${count.toLocaleString("en-US")} devices come back at once`,
    reference: false,
    rounds: 2,
    measure: async () => {
      const before = processesMs([node.pid]);
      const start = performance.now();
      const latencies: number[] = [];
      const clients: LoadClient[] = [];
      let refused = 0;
      // A device that is told to come later does so; here at once.
      const comingBack = async (member: BareMember): Promise<LoadClient> => {
        for (;;) {
          try {
            return await LoadClient.open(memberAt(member, node), "feed", member.device);
          } catch (error) {
            refused += 1;
            if (refused > count) throw error;
          }
        }
      };
      let begun = 0;
      const lane = async (): Promise<void> => {
        while (begun < count) {
          const member = members[begun++ % members.length] as BareMember;
          clients.push(await comingBack(member));
          latencies.push(performance.now() - start);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, lane));
      const took = performance.now() - start;
      const us = ((processesMs([node.pid]) - before) * 1000) / count;
      for (const client of clients) client.close();
      await settled(members[0] as BareMember, node);
      return {
        "per second": (count * 1000) / took,
        ...latencyFigures(latencies),
        "nodes µs": us,
        refused,
      };
    },
  };
}

/** The node has taken the ends of connections that came before one more. */
async function settled(member: BareMember, node: BrokerProcess): Promise<void> {
  const barrier = await LoadClient.open(memberAt(member, node), "call");
  barrier.close();
}
