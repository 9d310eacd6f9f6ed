import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { BrokerOverrides } from "@claudemesh/broker";

const folder = process.env.TEST_PROGRAMS;

/** What a test's brokers have besides: the store's writer from the bundle, where a whole run has built it. It is ready in a third of the time, and most tests open a store. */
export const bundledWriter: Pick<Partial<BrokerOverrides>, "spawnWriter"> = folder === undefined
  ? {}
  : {
      spawnWriter: (path, commitLimit) =>
        new Worker(join(folder, "writer.js"), { workerData: { path, commitLimit } }),
    };
