import { join } from "node:path";
import { Arrivals } from "../arrivals.ts";
import { residentMiB, startChild } from "../child.ts";
import { fanOutInFlight } from "../claudemesh/fan-out.ts";
import { messageBytes, messageIds } from "../claudemesh/message-frames.ts";
import { RawWebSocket, textFrame } from "../claudemesh/raw-websocket.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";

/** connections that are opened at a time */
const atOnce = 16;

/** As many bytes as our messages have, from one connection through a bare `ws` server to so many others: until the last of them has it. Nothing is stored. */
export async function wsRelay(resources: Resources, connections: number): Promise<Row> {
  const child = await startChild(resources, join(import.meta.dirname, "ws-relay-server.ts"));
  const url = new URL(String(child.ready.url).replace("ws:", "http:"));
  const arrivals = new Arrivals(connections);
  const ended = (error: Error): never => {
    throw error;
  };
  const open = (): Promise<RawWebSocket> => {
    const opened = Promise.withResolvers<RawWebSocket>();
    const socket: RawWebSocket = new RawWebSocket(
      url,
      (text) => arrivals.take(text),
      ended,
      () => opened.resolve(socket),
    );
    resources.defer(() => socket.close());
    return opened.promise;
  };
  for (let left = connections; left > 0; left -= atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, left) }, open));
  }
  const sender = await open();
  const nextId = messageIds();
  const padding = "x".repeat(messageBytes - 60);
  return {
    name: `bare ws relay → ${connections.toLocaleString("en-US")} connections, ${fanOutInFlight} in flight`,
    reference: true,
    measure: async ({ ms }) => {
      const { perSecond, latencies } = await saturate(fanOutInFlight, ms, async () => {
        const id = nextId();
        const arrived = arrivals.everywhere(id);
        sender.send(textFrame(JSON.stringify({ id, padding })));
        await arrived;
      });
      return {
        "per second": perSecond * connections,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(child.pid),
      };
    },
  };
}
