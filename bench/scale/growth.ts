import type { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { childrenMs, processesMs } from "./cpu.ts";
import type { ScaleGround } from "./ground.ts";
import { latencyFigures, Pair, type PairOf } from "./traffic.ts";

/** few enough that no queue hides what a message costs */
const inFlight = 8;

/** One writes to another in a mesh of some size, at one node: what a message costs there until it was pushed. */
export async function messageIn(
  resources: Resources,
  ground: ScaleGround,
  {
    name,
    node,
    ...two
  }: Omit<PairOf, "at"> & { readonly name: string; readonly node: BrokerProcess },
): Promise<Row> {
  const pair = await Pair.open(resources, { ...two, at: [node, node] });
  return {
    name,
    reference: false,
    measure: async ({ ms }) => {
      const before = { node: processesMs([node.pid]), server: childrenMs(ground.postgres.pid) };
      const start = performance.now();
      const latencies = await pair.run(inFlight, ms);
      const took = performance.now() - start;
      const us = (after: number, from: number) => ((after - from) * 1000) / latencies.length;
      return {
        "per second": (latencies.length * 1000) / took,
        ...latencyFigures(latencies),
        "nodes µs": us(processesMs([node.pid]), before.node),
        "PostgreSQL µs": us(childrenMs(ground.postgres.pid), before.server),
      };
    },
  };
}
