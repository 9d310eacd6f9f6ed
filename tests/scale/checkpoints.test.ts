import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import type { RosterEntry } from "@claudemesh/protocol";
import { FrozenMeshes } from "../../apps/broker/src/frozen.ts";
import { createLogger } from "../../apps/broker/src/logger.ts";
import { RosterCheckpoints } from "../../apps/broker/src/roster-checkpoints.ts";
import { Rosters as BrokerRosters } from "../../apps/broker/src/rosters.ts";
import type { Store } from "../../apps/broker/src/store/port.ts";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { Chain, person, seedOf } from "../../packages/crypto/src/roster/fixture.ts";
import { sodium } from "../../packages/crypto/src/sodium.ts";
import { HomeFolder } from "../../packages/device/src/home/home-folder.ts";
import { Rosters } from "../../packages/device/src/mesh-link/rosters.ts";
import { HomeStore } from "../../packages/device/src/store/home-store.ts";
import {
  addRosterEntries,
  dropRosterFrom,
} from "../../packages/device/src/store/roster-entries.ts";

const members = 1_100;
const chain = new Chain();
chain.invite(person(0), 1, "member", members);
for (let n = 1; n < members; n += 1) chain.join(person(n), 1);
const { entries, roster } = chain;
const { mesh, head } = roster;
/** the genesis is verified always */
const hardlyAny = 1;
/** two signatures for each who joined */
const all = 2 * (members - 1);

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), "claudemesh-checkpoints-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** How many signatures are verified while `run` runs. */
async function verified(t: TestContext, run: () => unknown): Promise<number> {
  const { mock } = t.mock.method(sodium, "crypto_sign_verify_detached");
  try {
    await run();
    return mock.callCount();
  } finally {
    mock.restore();
  }
}

test("a home that has verified a large chain does not verify it again when it is opened the next time", async (t) => {
  const store = HomeStore.open(
    new HomeFolder(join(folder(t), "home"), () => {}),
    Date.now,
    systemRandom,
  );
  t.after(() => store.close());
  addRosterEntries(store, mesh, entries);
  const opened = (seed = 1) => new Rosters(store, "home.db", () => seedOf(seed));
  assert.ok((await verified(t, () => opened().of(mesh))) > all);
  assert.equal(await verified(t, () => assert.deepEqual(opened().of(mesh).head, head)), hardlyAny);
  // Another identity did not make this note.
  assert.ok((await verified(t, () => opened(2).of(mesh))) > all);
  assert.equal(await verified(t, () => opened(2).of(mesh)), hardlyAny);
  store.run("UPDATE roster_checkpoint SET seq = seq - 1");
  assert.ok((await verified(t, () => opened(2).of(mesh))) > all);
  // What the broker was restored to ends earlier.
  dropRosterFrom(store, mesh, members - 5);
  assert.equal(opened(2).of(mesh).head.seq, members - 6);
  store.run("UPDATE roster_entry SET body = replace(body, '\"at\":', '\"at\":1') WHERE seq = 50");
  assert.throws(() => opened(2).of(mesh), { code: "home_damaged" });
});

/** What is read of a store that holds this chain. */
const holding = (stored: readonly RosterEntry[]): Store =>
  ({
    read: {
      roster: async (_: string, after: number, limit: number) =>
        stored.filter(({ seq }) => seq > after).slice(0, limit),
    },
    onAppend: () => () => {},
  }) as unknown as Store;

test("a broker that has verified a large chain does not verify it again after a start", async (t) => {
  const data = folder(t);
  const log = createLogger({ level: "silent", now: Date.now, write: () => {} });
  const started = (key: number, stored: readonly RosterEntry[] = entries) =>
    new BrokerRosters({
      ...{ store: holding(stored), frozen: new FrozenMeshes(log), now: Date.now },
      ...{ timer: systemTimer, most: 10, sharedTtlMs: 1, isWatched: () => false },
      checkpoints: new RosterCheckpoints(data, seedOf(key)),
    });
  assert.ok((await verified(t, () => started(1).open(mesh))) > all);
  const again = async () => assert.deepEqual((await started(1).open(mesh)).head, head);
  assert.equal(await verified(t, again), hardlyAny);
  assert.ok((await verified(t, () => started(2).open(mesh))) > all);
  // A database that was set back has less than was verified.
  const shorter = entries.slice(0, -5);
  assert.equal((await started(2, shorter).open(mesh)).head.seq, head.seq - 5);
  const altered = entries.map((entry) =>
    entry.seq === 50 ? { ...entry, at: entry.at + 1 } : entry,
  );
  await assert.rejects(started(2, altered).open(mesh), /does not verify/);
});
