import { join } from "node:path";
import WebSocket from "ws";
import { residentMiB, startChild } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";

const payload = "x".repeat(1024);

/** A round trip through a bare `ws` server in its own process, 1 kB of text. */
export async function wsEcho(resources: Resources, inFlight: number): Promise<Row> {
  const child = await startChild(resources, join(import.meta.dirname, "ws-echo-server.ts"));
  const socket = new WebSocket(String(child.ready.url), { perMessageDeflate: false });
  resources.defer(() => socket.terminate());
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  const waiting: (() => void)[] = [];
  socket.on("message", () => waiting.shift()?.());
  const roundTrip = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      socket.send(payload);
    });
  return {
    name: `bare ws echo, ${inFlight} in flight`,
    reference: true,
    measure: async ({ ms }) => {
      const { perSecond, latencies } = await saturate(inFlight, ms, roundTrip);
      return {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(child.pid),
      };
    },
  };
}
