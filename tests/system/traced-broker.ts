import { readFileSync } from "node:fs";
import { join } from "node:path";
import { join as enter, found } from "../../packages/testkit/src/bare-member.ts";
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
import { LogReader } from "./log-readers.ts";
import { tracer } from "./tracer.ts";

/** Something a broker said over the network, and the line of the trace at which it began to say it. */
export interface BrokerTold {
  readonly at: number;
  /** acknowledged messages with their places */
  readonly accepted: readonly (readonly [id: string, seq: number])[];
  /** the highest place in the log that is named in it, at least */
  readonly head: number;
  readonly cursors: readonly string[];
}

export interface TracedBroker {
  /** everything below the folder that holds the data folder */
  readonly history: DiskHistory;
  readonly told: readonly BrokerTold[];
  /** the data folder's key file as it was in the end */
  readonly keys: string;
}

export interface TracedLoad {
  readonly sends: number;
  readonly characters: number;
}

const lanes = 6;
export const dataName = "data";

/** Runs a broker from its first start to its end in order, under a load of messages that are read and acknowledged, and tells what it wrote and said when. */
export async function traceBroker(folder: string, load: TracedLoad): Promise<TracedBroker> {
  const root = join(folder, "root");
  const data = join(root, dataName);
  const file = join(folder, "trace");
  {
    await using broker = await BrokerProcess.start({
      folder: data,
      under: [tracer, ...tracing, file],
    });
    const alice = await found(broker.url, "alice");
    const bob = await enter(alice, "bob");
    const carol = await enter(alice, "carol");
    await using reader = new LogReader(bob);
    await reader.connect();
    await using client = alice.connect("call");
    const text = "x".repeat(load.characters);
    let left = load.sends;
    const toBob: string[] = [];
    const lane = async (): Promise<void> => {
      while (left-- > 0) {
        const to = left % 3 === 0 ? carol : bob;
        const envelope = alice.seal(to, `${left} ${text}`);
        await client.message.send({ envelope });
        if (to === bob) toBob.push(envelope.header.id);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    await reader.has(toBob);
    await reader.stop();
    await broker.stop();
  }
  const calls = readCalls(readFileSync(file, "latin1"));
  return {
    history: diskHistory(calls, root),
    told: calls.flatMap((call) => toldIn(call) ?? []),
    keys: readFileSync(join(data, "keys.json"), "utf8"),
  };
}

/** What a write to a socket tells; undefined for any other call. */
function toldIn({ name, file, texts, began }: TracedCall): BrokerTold | undefined {
  if (!/^(?:write|writev|sendto|sendmsg)$/.test(name) || !/^(?:socket|TCP)/.test(file)) {
    return undefined;
  }
  const said = Buffer.concat(texts).toString("latin1");
  const accepted = [...said.matchAll(/"output":(\{"id":"msg_[^}]*\})/g)].map(([, json = ""]) => {
    const { id, seq } = JSON.parse(json) as { id: string; seq: number };
    return [id, seq] as const;
  });
  const places = [...said.matchAll(/"(?:seq|headSeq)":(\d+)/g)].map(([, seq]) => Number(seq));
  const cursors = [...said.matchAll(/"cursor":"([^"]+)"/g)].map(([, token = ""]) => token);
  if (accepted.length + places.length + cursors.length === 0) return undefined;
  return { at: began, accepted, head: Math.max(0, ...places), cursors };
}
