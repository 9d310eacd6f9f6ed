import { emptyDaemon, servingDaemon } from "./agents/daemon-memory.ts";
import { intoSession } from "./agents/into-session.ts";
import { accepted } from "./claudemesh/accepted.ts";
import { acceptedThroughSdk } from "./claudemesh/accepted-sdk.ts";
import { here } from "./claudemesh/broker-process.ts";
import { crowd } from "./claudemesh/crowd.ts";
import { endToEnd } from "./claudemesh/end-to-end.ts";
import { fanOut } from "./claudemesh/fan-out.ts";
import { historyPage } from "./claudemesh/history-page.ts";
import { idleFeeds } from "./claudemesh/idle-feeds.ts";
import { memorySearch } from "./claudemesh/memory-search.ts";
import { messageBytes } from "./claudemesh/message-frames.ts";
import { searching } from "./claudemesh/searching.ts";
import { files } from "./files/rows.ts";
import { besideFlood } from "./hardening/beside-flood.ts";
import { epochChange, sealedRows } from "./meshes/epoch-change.ts";
import { joining } from "./meshes/joining.ts";
import { verifying } from "./meshes/verifying.ts";
import { natsJetStream } from "./references/nats-jetstream.ts";
import { redisStreams } from "./references/redis-streams.ts";
import { sqliteInsert } from "./references/sqlite-insert.ts";
import { wsEcho } from "./references/ws-echo.ts";
import { wsRelay } from "./references/ws-relay.ts";
import type { Resources } from "./resources.ts";
import type { Row } from "./row.ts";
import { growthRows, nodeRows, topicRows } from "./scale/rows.ts";
import { bareNode, bundledStartups, startups } from "./startup.ts";

export interface RowChoice {
  /** groups of rows to take, by name */
  readonly only: RegExp;
  /** another checkout, whose rows stand beside ours */
  readonly compared: string | undefined;
  readonly progress: (text: string) => void;
}

type Rows = (resources: Resources, checkouts: readonly string[]) => Promise<Row[]>;

const inTurn = async (rows: readonly (() => Promise<Row>)[]): Promise<Row[]> => {
  const made: Row[] = [];
  for (const row of rows) made.push(await row());
  return made;
};

const groups: Readonly<Record<string, Rows>> = {
  transport: (resources) => inTurn([1, 64].map((n) => () => wsEcho(resources, n))),
  sqlite: (resources) => inTurn([1, 64].map((n) => () => sqliteInsert(resources, n))),
  accepted: (resources, checkouts) =>
    inTurn([
      ...[1, 64, 256].flatMap((n) => checkouts.map((at) => () => accepted(resources, n, at))),
      () => redisStreams(resources, { inFlight: 256, bytes: messageBytes }),
      () => natsJetStream(resources, { inFlight: 256, bytes: messageBytes }),
    ]),
  sdk: (resources) => inTurn([() => acceptedThroughSdk(resources, 64)]),
  delivery: (resources) => inTurn([1, 64].map((n) => () => endToEnd(resources, n))),
  crowd: (resources, checkouts) =>
    inTurn(
      checkouts.map(
        (at) => () => crowd(resources, { members: 100, each: 1_000, inFlight: 64 }, at),
      ),
    ),
  fanout: (resources) =>
    inTurn([100, 1_000].flatMap((n) => [() => fanOut(resources, n), () => wsRelay(resources, n)])),
  idle: (resources, checkouts) =>
    inTurn(
      [0, 1_000, 10_000].flatMap((n) => checkouts.map((at) => () => idleFeeds(resources, n, at))),
    ),
  files: (resources) => files(resources, 1_000_000_000),
  "files-quick": (resources) => files(resources, 64_000_000),
  flood: (resources) =>
    inTurn([
      () => besideFlood(resources, { kind: "connections", count: 10_000 }),
      () => besideFlood(resources, { kind: "bad frames", count: 100_000 }),
    ]),
  roster: async () => verifying({ members: 500, epochs: 200 }),
  epoch: async (resources) => [
    ...(await inTurn([10, 100, 500].map((n) => () => epochChange(resources, n)))),
    sealedRows(500),
  ],
  joining: (resources) => joining(resources, 10_000),
  history: (resources) => historyPage(resources, 100_000),
  "scale-growth": growthRows,
  "scale-nodes": nodeRows,
  "scale-topics": topicRows,
  search: (resources) =>
    inTurn([() => searching(resources, 100_000), () => memorySearch(resources, 100_000)]),
  startup: async (resources, checkouts) => {
    const rows: Row[] = [];
    for (const at of checkouts) rows.push(...(await startups(resources, at)));
    return [...rows, ...(await bundledStartups(resources))];
  },
  agents: async (resources) => [
    bareNode(),
    ...(await inTurn([
      () => intoSession(resources),
      () => emptyDaemon(resources),
      ...[0, 20].map((n) => () => servingDaemon(resources, n)),
    ])),
  ],
};

/** Sets up the chosen rows; what they open is in `resources`. */
export async function rowsOf(resources: Resources, choice: RowChoice): Promise<Row[]> {
  const checkouts = choice.compared === undefined ? [here] : [here, choice.compared];
  const rows: Row[] = [];
  for (const [name, make] of Object.entries(groups)) {
    if (!choice.only.test(name)) continue;
    choice.progress(`setting up ${name}`);
    rows.push(...(await make(resources, checkouts)));
  }
  return rows;
}
