import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { audienceOf, MeshError } from "@claudemesh/protocol";
import {
  acknowledge,
  blob,
  creation,
  day,
  invite,
  inviteBody,
  member,
  message,
  range,
  rosterAppend,
  seen,
  start,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import type { Store } from "../../apps/broker/src/store/port.ts";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../../packages/testkit/src/bundled-writer.ts";
import { highestLevel, levelsUpTo, SmallDisk } from "./small-disk.ts";

/** Runs one course of writes with every number of free pages that does not let it through: each refusal is `disk_full`, leaves everything as it was, and passes with the space. */
const [root = "", levels = "0"] = process.argv.slice(2);
const disk = new SmallDisk(root);
const body = JSON.stringify("x".repeat(3_000));

type Step = (store: Store) => Promise<unknown>;
const send =
  (n: number): Step =>
  ({ write }) =>
    write.appendMessage(message(n, { body }));
const course: readonly Step[] = [
  ({ write }) => write.createMesh(creation()),
  ({ write }) =>
    write.appendRoster(
      rosterAppend(1, inviteBody(1), {
        welcome: { invite: invite(1), blob: blob("b".repeat(5_000)) },
      }),
    ),
  ({ write }) => write.seenDevice(seen(2, 1, 2)),
  ...range(1, 6).map(send),
  ({ write }) => {
    const receipts = range(1, 4).map((n) => ({
      ...message(100 + n, { body, audience: audienceOf(member(1)), sender: member(2) }),
      kind: "receipt" as const,
      rosterSeq: null,
    }));
    return write.ack(acknowledge(2, 1, 7, { receipts }));
  },
  ...range(7, 12).map(send),
  ({ write }) => write.expire({ now: start + 8 * day, limit: 100 }),
];

const tables = ["mesh", "audience", "log", "idempotency", "roster", "profile", "device", "invite"];

/** All that a store holds, as one text. */
function contents(folder: string): string {
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  try {
    return JSON.stringify(tables.map((name) => db.prepare(`SELECT * FROM ${name}`).all()));
  } finally {
    db.close();
  }
}

const isFull = (error: unknown): boolean => {
  if (error instanceof MeshError && error.code === "disk_full") return true;
  throw error;
};

/** Runs the course in a new folder with so many pages free at first. Answers how often it was refused, and what the folder holds in the end. */
async function run(pages: number | undefined): Promise<{ refused: number; holds: string }> {
  const folder = disk.emptyFolder("data");
  if (pages !== undefined) disk.leave(pages);
  let refused = 0;
  const insist = async <T>(step: () => Promise<T>, unchanged: () => void): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      assert.ok(isFull(error));
      refused += 1;
      unchanged();
      disk.free();
      return await step();
    }
  };
  const open = () => openSqliteStore({ folder, now: () => start, ...bundledWriter });
  const store = await insist(open, () => {});
  for (const step of course) {
    const before = contents(folder);
    const same = () => assert.equal(contents(folder), before, "something was half applied");
    await insist(() => step(store), same);
  }
  await store.check();
  await store.close();
  disk.free();
  const again = await open();
  await again.close();
  return { refused, holds: contents(folder) };
}

const whole = await run(undefined);
const most = await highestLevel(disk, async (pages) => (await run(pages)).refused > 0);
const tried = levelsUpTo(most, Number(levels));
let refusing = 0;
for (const pages of tried) {
  const { refused, holds } = await run(pages);
  assert.equal(holds, whole.holds, `with ${pages} pages the store ends otherwise`);
  if (refused > 0) refusing += 1;
}
assert.ok(refusing > tried.length / 2);
process.stdout.write(`${tried.length} of ${most} levels: ${refusing} refused and went on`);
