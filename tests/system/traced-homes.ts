import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import {
  type DiskHistory,
  diskHistory,
} from "../../packages/testkit/src/faults/power/disk-history.ts";
import {
  readCalls,
  type TracedCall,
  tracing,
} from "../../packages/testkit/src/faults/power/traced-calls.ts";
import { clearFrames } from "../../packages/testkit/src/websocket-bytes.ts";
import { tracer } from "./tracer.ts";

/** Something a home's program said, to its person or to the broker, and the line of the trace at which it began to say it. */
export interface Heard {
  readonly at: number;
  readonly line: Readonly<Record<string, unknown>>;
}

export interface TracedHome {
  /** everything below the folder that holds the home */
  readonly history: DiskHistory;
  /** the home as it was in the end */
  readonly folder: string;
  /** the lines it printed */
  readonly printed: readonly Heard[];
  /** the frames it sent */
  readonly sent: readonly Heard[];
}

const program = join(import.meta.dirname, "traced-home-process.ts");
export const homeName = "home";

/** Two homes from their first verb to their last, one sending `count` messages to the other, each traced. */
export async function traceHomes(
  folder: string,
  count: number,
): Promise<{ readonly sender: TracedHome; readonly reader: TracedHome }> {
  await using broker = await BrokerProcess.start({ folder: join(folder, "data") });
  const sending = run(folder, "found", broker.url, "", String(count));
  const link = ((await sending.first) as { link: string }).link;
  const reading = run(folder, "join", broker.url, link);
  return { sender: await sending.over, reader: await reading.over };
}

function run(folder: string, kind: string, ...args: readonly string[]) {
  const root = join(folder, kind);
  mkdirSync(root);
  const trace = join(folder, `${kind}.trace`);
  const home = join(root, homeName);
  const child = spawn(tracer, [...tracing, trace, process.execPath, program, kind, home, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const first = Promise.withResolvers<unknown>();
  createInterface({ input: child.stdout }).once("line", (line) => first.resolve(JSON.parse(line)));
  const over = once(child, "close").then(([code]) => {
    first.reject(new Error(`${kind} ended with ${code}`));
    if (code !== 0) throw new Error(`${kind} ended with ${code}`);
    const calls = readCalls(readFileSync(trace, "latin1"));
    return {
      history: diskHistory(calls, root),
      folder: home,
      printed: calls.flatMap(printedBy),
      sent: sentBy(calls),
    };
  });
  first.promise.catch(() => {});
  over.catch(() => {});
  return { first: first.promise, over };
}

function printedBy({ name, rest, texts, began }: TracedCall): Heard[] {
  const text = texts[0]?.toString() ?? "";
  if (name !== "write" || Number.parseInt(rest, 10) !== 1 || !text.startsWith("{")) return [];
  return [{ at: began, line: JSON.parse(text) as Heard["line"] }];
}

/** Every frame of every connection, from the write in which its first byte is. */
function sentBy(calls: readonly TracedCall[]): Heard[] {
  const writes = calls.filter(({ name, file, result }) => {
    return (
      /^(?:write|writev|sendto|sendmsg)$/.test(name) && /^(?:socket|TCP)/.test(file) && result > 0
    );
  });
  return [...Map.groupBy(writes, ({ file }) => file).values()].flatMap((parts) => {
    const ends: { end: number; began: number }[] = [];
    let end = 0;
    const bytes = parts.map(({ texts, result, began }) => {
      end += result;
      ends.push({ end, began });
      return Buffer.concat(texts).subarray(0, result);
    });
    return clearFrames(Buffer.concat(bytes)).flatMap(({ at, payload }) => {
      const text = payload.toString();
      if (!text.startsWith("{")) return [];
      const began = ends.find((part) => part.end > at)?.began ?? 0;
      return [{ at: began, line: JSON.parse(text) as Heard["line"] }];
    });
  });
}
