import type { FaultProxy } from "../faults/fault-proxy.ts";
import type { Cluster, ClusterNode } from "./cluster.ts";

/** What a fault needs besides the cluster. */
export interface CellGround {
  readonly cluster: Cluster;
  /** how long what lasts, lasts */
  readonly pause: () => Promise<void>;
  /** settles when everyone has had messages acknowledged, so that the fault comes among others under way */
  readonly busy: () => Promise<void>;
}

/** One row of the matrix: a fault, while people write. */
export interface Cell {
  readonly name: string;
  /** whether there has to be a nats-server */
  readonly nats?: boolean;
  /** done before anyone writes */
  before?(cluster: Cluster): Promise<void>;
  run(ground: CellGround): Promise<void>;
  /** done when everything has arrived: until then what `before` began goes on */
  after?(cluster: Cluster): Promise<void>;
}

/** The node that is harmed: the second where there is one, so that the first, which made the tables, is there beside it. */
const victim = ({ nodes }: Cluster): ClusterNode => nodes[nodes.length > 1 ? 1 : 0] as ClusterNode;

/** Lets nothing through, new connections included. */
function cutOff(proxies: readonly FaultProxy[]): void {
  for (const proxy of proxies) proxy.halfOpen();
}

/** Lets everything through again; what was left hanging is reset. */
async function rejoin(proxies: readonly FaultProxy[]): Promise<void> {
  for (const proxy of proxies) {
    await proxy.heal();
    proxy.cut();
  }
}

const victimToNats = (cluster: Cluster): FaultProxy[] => {
  const { toNats } = victim(cluster);
  return toNats ? [toNats] : [];
};

const toNats = ({ nodes }: Cluster): FaultProxy[] => nodes.flatMap((node) => node.toNats ?? []);

async function restartAt({ target }: ClusterNode): Promise<void> {
  await target.child.stop(5_000);
  await target.start();
}

/** Every fault of the matrix, the undisturbed case first. */
export const cells: readonly Cell[] = [
  { name: "nothing fails", run: ({ pause }) => pause() },
  {
    name: "NATS gone",
    nats: true,
    before: async ({ nats }) => nats?.kill(),
    run: ({ pause }) => pause(),
    after: async ({ nats }) => nats?.startAgain(),
  },
  {
    name: "NATS partitioned from one node",
    nats: true,
    before: async (cluster) => cutOff(victimToNats(cluster)),
    run: ({ pause }) => pause(),
    after: (cluster) => rejoin(victimToNats(cluster)),
  },
  {
    name: "NATS stalled for all",
    nats: true,
    before: async (cluster) => cutOff(toNats(cluster)),
    run: ({ pause }) => pause(),
    after: (cluster) => rejoin(toNats(cluster)),
  },
  {
    name: "NATS restarted",
    nats: true,
    run: async ({ cluster, pause, busy }) => {
      await busy();
      await cluster.nats?.kill();
      await cluster.nats?.startAgain();
      await pause();
    },
  },
  {
    name: "PostgreSQL restarted",
    run: async ({ cluster, pause, busy }) => {
      await busy();
      await cluster.postgres.kill();
      await cluster.postgres.startAgain();
      await pause();
    },
  },
  {
    name: "PostgreSQL gone",
    run: async ({ cluster, pause, busy }) => {
      await busy();
      await cluster.postgres.kill();
      await pause();
      await cluster.postgres.startAgain();
    },
  },
  {
    name: "PostgreSQL failed over: every connection reset",
    run: async ({ cluster, pause, busy }) => {
      await busy();
      for (const { toPostgres } of cluster.nodes) toPostgres.cut();
      await pause();
    },
  },
  {
    name: "PostgreSQL slow",
    run: async ({ cluster, pause, busy }) => {
      await busy();
      for (const { toPostgres } of cluster.nodes) toPostgres.harm({ delayMs: 60, jitterMs: 60 });
      await pause();
      for (const { toPostgres } of cluster.nodes) await toPostgres.heal();
    },
  },
  {
    name: "one node frozen and thawed",
    run: async ({ cluster, pause, busy }) => {
      const { target } = victim(cluster);
      await busy();
      target.child.pause();
      await pause();
      target.child.resume();
    },
  },
  {
    name: "one node killed",
    run: async ({ cluster, pause, busy }) => {
      const { target } = victim(cluster);
      await busy();
      await target.child.kill();
      await pause();
      await target.start();
    },
  },
  {
    name: "one node cut off from PostgreSQL, not from clients",
    run: async ({ cluster, pause, busy }) => {
      const { toPostgres } = victim(cluster);
      await busy();
      cutOff([toPostgres]);
      await pause();
      await rejoin([toPostgres]);
    },
  },
  {
    name: "commits of one node cut off before their answer",
    run: async ({ cluster, pause, busy }) => {
      const { toPostgres } = victim(cluster);
      await busy();
      toPostgres.cut("down");
      await pause();
      toPostgres.cut();
    },
  },
  {
    name: "clients cut off from one node",
    run: async ({ cluster, pause, busy }) => {
      const front = cluster.fronts[cluster.nodes.indexOf(victim(cluster))] as FaultProxy;
      await busy();
      cutOff([front]);
      await pause();
      await rejoin([front]);
    },
  },
  {
    name: "every node restarted in turn",
    run: async ({ cluster, pause, busy }) => {
      await busy();
      for (const node of cluster.nodes) await restartAt(node);
      await pause();
    },
  },
  {
    // Of a node that is off by more than a minute devices say so, and take nothing from it.
    name: "clocks apart by two minutes, each off by less than one",
    run: ({ cluster, pause }) => withClocks(cluster, [-59_000, 59_000], pause),
  },
  {
    name: "clock of one node off by two minutes",
    run: ({ cluster, pause }) => {
      const own = cluster.nodes.map((node) => (node === victim(cluster) ? 120_000 : 0));
      return withClocks(cluster, own, pause);
    },
  },
];

/** Starts the nodes again with clocks that are off by so much, and afterwards with the right time. */
async function withClocks(
  { nodes }: Cluster,
  offsets: readonly number[],
  pause: () => Promise<void>,
): Promise<void> {
  const set = async (wanted: readonly number[]) => {
    for (const [index, node] of nodes.entries()) {
      const offset = wanted[index] ?? 0;
      if (node.clockOffsetMs === offset) continue;
      node.clockOffsetMs = offset;
      await restartAt(node);
    }
  };
  await set(offsets);
  await pause();
  await set([]);
}
