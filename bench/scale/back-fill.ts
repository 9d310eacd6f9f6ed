import type { BareMember } from "@claudemesh/testkit";
import type { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { LoadClient } from "../claudemesh/load-client.ts";
import type { Row } from "../row.ts";
import { processesMs } from "./cpu.ts";
import { memberAt } from "./traffic.ts";

/** A device that was away, or is new, reads so many entries of its member. Fails unless all come. */
export function backFill(member: BareMember, node: BrokerProcess, count: number): Row {
  return {
    name: `a device reads ${count.toLocaleString("en-US")} entries that waited for it`,
    reference: false,
    rounds: 2,
    measure: async () => {
      let entries = 0;
      const done = Promise.withResolvers<void>();
      const before = processesMs([node.pid]);
      const began = performance.now();
      const client = await LoadClient.open(memberAt(member, node), "feed", undefined, (text) => {
        if (text.startsWith('{"type":"event","kind":"message"')) entries += 1;
        if (text.startsWith('{"type":"event","kind":"caught_up"')) done.resolve();
      });
      await done.promise;
      const took = performance.now() - began;
      client.close();
      if (entries !== count) throw new Error(`${entries} of ${count} entries came`);
      return {
        "per second": (count * 1000) / took,
        "p50 ms": took,
        "nodes µs": ((processesMs([node.pid]) - before) * 1000) / count,
      };
    },
  };
}
