import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { residentMiB } from "../child.ts";
import { type Resources, temporaryFolder } from "../resources.ts";
import { type Row, skippedRow } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { LineClient } from "./line-client.ts";
import { findProgram, freePort, startServer, versionOf } from "./server.ts";

/** Whether a version knows `sync_interval: always`, without which NATS answers before it syncs. */
const canSync = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 10);
};

/** Publishing to a JetStream stream in files, each message acknowledged by the server, in the least NATS client. */
export async function natsJetStream(
  resources: Resources,
  { inFlight, bytes }: { inFlight: number; bytes: number },
): Promise<Row> {
  const name = `NATS JetStream, file storage, ${inFlight} in flight`;
  const program = findProgram("nats-server");
  if (program === undefined) return skippedRow(name, "nats-server is not installed");
  const version = versionOf(program);
  const folder = temporaryFolder(resources);
  const port = await freePort();
  const config = join(folder, "nats.conf");
  const sync = canSync(version) ? ", sync_interval: always" : "";
  const store = `jetstream { store_dir: ${JSON.stringify(folder)}${sync} }`;
  // The client answers no pings: other rows may be set up for minutes before this one's first round.
  writeFileSync(config, `listen: "127.0.0.1:${port}"\nping_interval: "1h"\n${store}\n`);

  const waiting = new Map<string, (answer: string) => void>();
  const take = (text: string, from: number): number | undefined => {
    const line = text.indexOf("\r\n", from);
    if (line < 0) return undefined;
    if (!text.startsWith("MSG ", from)) return line + 2;
    const [, subject = "", , length] = text.slice(from, line).split(" ");
    const end = line + 2 + Number(length);
    if (text.length < end + 2) return undefined;
    waiting.get(subject)?.(text.slice(line + 2, end));
    waiting.delete(subject);
    return end + 2;
  };
  const { pid, client } = await startServer(resources, [program, "-c", config], () =>
    LineClient.open(port, take),
  );
  resources.defer(() => client.close());
  client.send('CONNECT {"verbose":false,"pedantic":false}\r\nSUB answer.* 1\r\n');
  let calls = 0;
  const request = (subject: string, body: string): Promise<string> =>
    new Promise((resolve) => {
      const reply = `answer.${calls++}`;
      waiting.set(reply, resolve);
      client.send(`PUB ${subject} ${reply} ${body.length}\r\n${body}\r\n`);
    });
  const stream = { name: "stream", subjects: ["message"], storage: "file", retention: "limits" };
  const made = await request("$JS.API.STREAM.CREATE.stream", JSON.stringify(stream));
  if (made.includes('"error"')) throw new Error(made);
  const body = "x".repeat(bytes);
  return {
    name: `${name} (${version}, ${sync === "" ? "answers before it syncs" : "syncs always"})`,
    reference: true,
    measure: async ({ ms }) => {
      const { perSecond, latencies } = await saturate(inFlight, ms, async () => {
        const answer = await request("message", body);
        if (answer.includes('"error"')) throw new Error(answer);
      });
      const figures = {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p99 ms": quantile(latencies, 0.99),
        "server MiB": await residentMiB(pid),
      };
      await request("$JS.API.STREAM.PURGE.stream", "");
      return figures;
    },
  };
}
