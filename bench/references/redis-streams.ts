import { residentMiB } from "../child.ts";
import { type Resources, temporaryFolder } from "../resources.ts";
import { type Row, skippedRow } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { LineClient } from "./line-client.ts";
import { findProgram, freePort, startServer, versionOf } from "./server.ts";

const command = (...words: readonly string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;

/** `XADD` to a stream of a Redis that syncs before it answers (`appendfsync always`), in the least RESP client. */
export async function redisStreams(
  resources: Resources,
  { inFlight, bytes }: { inFlight: number; bytes: number },
): Promise<Row> {
  const name = `Redis streams, appendfsync always, ${inFlight} in flight`;
  const program = findProgram("redis-server");
  if (program === undefined) return skippedRow(name, "redis-server is not installed");
  const folder = temporaryFolder(resources);
  const port = await freePort();
  const settings = {
    port,
    bind: "127.0.0.1",
    dir: folder,
    appendonly: "yes",
    appendfsync: "always",
    save: "",
    // Rewriting the file in the middle of a round would be measured, too.
    "auto-aof-rewrite-percentage": 0,
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const waiting: ((answer: string) => void)[] = [];
  const take = (text: string, from: number): number | undefined => {
    const line = text.indexOf("\r\n", from);
    if (line < 0) return undefined;
    const length = text[from] === "$" ? Number(text.slice(from + 1, line)) : -1;
    const end = length < 0 ? line : line + 2 + length;
    if (text.length < end + 2) return undefined;
    waiting.shift()?.(length < 0 ? text.slice(from, end) : text.slice(line + 2, end));
    return end + 2;
  };
  const { pid, client } = await startServer(resources, [program, ...flags], () =>
    LineClient.open(port, take),
  );
  resources.defer(() => client.close());
  const call = (text: string): Promise<string> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      client.send(text);
    });
  const add = command("XADD", "stream", "*", "body", "x".repeat(bytes));
  return {
    name: `${name} (${versionOf(program)})`,
    reference: true,
    measure: async ({ ms }) => {
      const { perSecond, latencies } = await saturate(inFlight, ms, async () => {
        const answer = await call(add);
        if (answer.startsWith("-")) throw new Error(answer);
      });
      const kept = await call(command("XLEN", "stream"));
      if (kept !== `:${latencies.length}`) throw new Error(`${latencies.length} added, ${kept}`);
      const figures = {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(pid),
      };
      // Redis keeps streams in memory; what one round added must not weigh on the next.
      await call(command("DEL", "stream"));
      return figures;
    },
  };
}
