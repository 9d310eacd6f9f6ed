import type { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { residentMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { childrenMs, processesMs } from "./cpu.ts";
import type { ScaleGround } from "./ground.ts";
import { latencyFigures, Pair, twoAt } from "./traffic.ts";

const inFlight = 64;
/** how long each node is warmed, so that what is measured is not how often the same code is compiled */
const warmMs = 800;

/**
 * Messages from plain frame to the recipient's event over so many nodes, each writer at one node and its reader at the next. With one mesh all nodes append to the same log; with a
 * mesh each every node has one that is written to through it. Apart, each has a database of its own and does all by itself: what as many cost that have nothing to do with each other.
 */
export async function severalNodes(
  resources: Resources,
  ground: ScaleGround,
  {
    count,
    meshes,
    atEach = inFlight / count,
  }: {
    readonly count: number;
    readonly meshes: "one" | "each" | "apart";
    /** messages in flight at each node, where that is not its part of those that one node has */
    readonly atEach?: number;
  },
): Promise<Row> {
  const nodes: BrokerProcess[] = [];
  while (nodes.length < count) {
    const together = meshes === "apart" ? 1 : count;
    nodes.push(...(await ground.nodes(await ground.databases.create(), together)));
  }
  const pairs: Pair[] = [];
  const shared = meshes === "one" ? await twoAt(nodes[0] as (typeof nodes)[0]) : undefined;
  for (const [index, node] of nodes.entries()) {
    const next = meshes === "apart" ? node : (nodes[(index + 1) % count] as typeof node);
    const two = shared ?? (await twoAt(node));
    pairs.push(await Pair.open(resources, { ...two, at: [node, next] }));
  }
  const pids = nodes.map(({ pid }) => pid);
  const where = { one: "one mesh", each: "a mesh each", apart: "a database each" }[meshes];
  const run = (ms: number) => Promise.all(pairs.map((pair) => pair.run(atEach, ms)));
  let warmed: Promise<unknown> | undefined;
  return {
    name: `PostgreSQL, ${count} ${count === 1 ? "node" : `nodes, ${where}`}, ${atEach * count} in flight`,
    reference: false,
    measure: async ({ ms }) => {
      // Nodes share what there is of the machine, so that more of them take longer until each has done as much.
      warmed ??= run(warmMs * count);
      await warmed;
      const before = { nodes: processesMs(pids), server: childrenMs(ground.postgres.pid) };
      const start = performance.now();
      const each = await run(ms);
      const took = performance.now() - start;
      const latencies = each.flat();
      const us = (after: number, from: number) => ((after - from) * 1000) / latencies.length;
      const memory = await Promise.all(pids.map(residentMiB));
      return {
        "per second": (latencies.length * 1000) / took,
        ...latencyFigures(latencies),
        "nodes µs": us(processesMs(pids), before.nodes),
        "PostgreSQL µs": us(childrenMs(ground.postgres.pid), before.server),
        "node MiB": memory.reduce((sum, mib) => sum + mib, 0) / count,
      };
    },
  };
}
