import { accepted } from "./claudemesh/accepted.ts";
import { acceptedThroughSdk } from "./claudemesh/accepted-sdk.ts";
import { here } from "./claudemesh/broker-process.ts";
import { endToEnd } from "./claudemesh/end-to-end.ts";
import { idleFeeds } from "./claudemesh/idle-feeds.ts";
import { sqliteInsert } from "./references/sqlite-insert.ts";
import { wsEcho } from "./references/ws-echo.ts";
import type { Resources } from "./resources.ts";
import type { Row } from "./row.ts";
import { startups } from "./startup.ts";

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
    inTurn([1, 64, 256].flatMap((n) => checkouts.map((at) => () => accepted(resources, n, at)))),
  sdk: (resources) => inTurn([() => acceptedThroughSdk(resources, 64)]),
  delivery: (resources) => inTurn([() => endToEnd(resources)]),
  idle: (resources, checkouts) =>
    inTurn(
      [0, 100, 1_000].flatMap((n) => checkouts.map((at) => () => idleFeeds(resources, n, at))),
    ),
  startup: async (resources, checkouts) => {
    const rows: Row[] = [];
    for (const at of checkouts) rows.push(...(await startups(resources, at)));
    return rows;
  },
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
