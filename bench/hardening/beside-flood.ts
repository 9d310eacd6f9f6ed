import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { found, join as joinMesh } from "@claudemesh/testkit";
import { startChild } from "../child.ts";
import { startBroker } from "../claudemesh/broker-process.ts";
import { LoadClient } from "../claudemesh/load-client.ts";
import { messageFrames } from "../claudemesh/message-frames.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";

export interface Flood {
  readonly kind: "connections" | "bad frames";
  readonly count: number;
}

/**
 * What a member waits for its messages to be accepted, one at a time, while a stranger's whole flood arrives; and, with the same flood at another
 * server of this machine, how much of that is the machine's.
 */
export async function besideFlood(resources: Resources, { kind, count }: Flood): Promise<Row> {
  const broker = await startBroker(resources, undefined, { trustProxy: "127.0.0.1" });
  const sink = await startChild(resources, join(import.meta.dirname, "sink-process.ts"));
  const alice = await found(broker.url, "alice");
  const bob = await joinMesh(alice, "bob");
  const client = await LoadClient.open(alice, "call");
  resources.defer(() => client.close());
  const nextFrame = messageFrames(alice, bob);
  const program = join(import.meta.dirname, "flood-process.ts");

  /** Sends one after another while floods of `url` go on, for `ms` at least; answers how long each took. */
  const sendBeside = async (url: string, ms: number) => {
    const latencies: number[] = [];
    let floodedMs = 0;
    let floods = 0;
    while (floodedMs < ms) {
      const flood = spawn(process.execPath, [program, url, kind, String(count)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = once(flood, "exit");
      let isOver = false;
      void ended.then(() => {
        isOver = true;
      });
      await once(flood.stdout, "data");
      const start = performance.now();
      while (!isOver) {
        const began = performance.now();
        await client.send(nextFrame());
        latencies.push(performance.now() - began);
      }
      floodedMs += performance.now() - start;
      floods += 1;
    }
    return { latencies, perSecond: (floods * count * 1_000) / floodedMs };
  };

  return {
    name: `claudemesh accepted, beside ${count.toLocaleString("en-US")} ${kind} of a stranger`,
    reference: false,
    measure: async ({ ms }) => {
      const elsewhere = await sendBeside(String(sink.ready.url), ms);
      const here = await sendBeside(broker.url, ms);
      const [was, is] = [quantile(elsewhere.latencies, 0.5), quantile(here.latencies, 0.5)];
      return {
        "elsewhere p50 ms": was,
        "p50 ms": is,
        "elsewhere p99 ms": quantile(elsewhere.latencies, 0.99),
        "p99 ms": quantile(here.latencies, 0.99),
        "times p50": is / was,
        "flood/s": here.perSecond,
      };
    },
  };
}
