import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { createBroker, createLogger, loadConfig } from "@claudemesh/broker";
import { fromBase64 } from "@claudemesh/crypto";
import { audienceOf, type MemberId, MeshError, type MeshId } from "@claudemesh/protocol";
import { Cursors } from "../../apps/broker/src/log/cursor.ts";
import { message } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import { afterCut, type Cut, losses } from "../../packages/testkit/src/faults/power/power-cut.ts";
import { seeded } from "../../packages/testkit/src/faults/seeded.ts";
import { seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { checkLog, logOf } from "./broker-log.ts";
import { dataName, type TracedBroker, traceBroker } from "./traced-broker.ts";
import { cannotTrace } from "./tracer.ts";

/** enough for the write-ahead log to be copied into the database on the way */
const sends = 420;
const cycles = Number(process.env.CYCLES ?? 8);
const options = { skip: cannotTrace(), timeout: 300_000 + cycles * 10_000 };
const silent = createLogger({ level: "silent", now: Date.now, write: () => {} });

/** Opens what a cut left as a broker does, and throws unless everything said before the cut is true, and it can go on. Answers whether there was a mesh yet. */
async function checkBroker(root: string, cut: Cut, { told, keys }: TracedBroker): Promise<boolean> {
  const said = told.filter(({ at }) => at <= cut.at);
  const folder = join(root, dataName);
  const known = existsSync(folder);
  assert.ok(known || said.length === 0, "the data folder is gone");
  const config = loadConfig({ overrides: { dataDir: folder, port: 0, logLevel: "silent" } });
  await using broker = await createBroker(config, { log: silent });
  const accepted = said.flatMap((one) => one.accepted);
  const head = Math.max(0, ...said.map((one) => one.head));
  const rows = logOf(folder);
  checkLog(rows, accepted);
  assert.ok(rows.length >= head, `the log ends at ${rows.length}, and ${head} was told`);
  if (said.length > 0) {
    assert.equal(readFileSync(join(folder, "keys.json"), "utf8"), keys, "the keys are others");
  }
  const mesh = meshOf(folder);
  if (mesh === undefined) return false;
  const cursors = new Cursors(fromBase64((JSON.parse(keys) as { cursor: string }).cursor));
  for (const token of said.flatMap((one) => one.cursors)) {
    const { seq } = cursors.open(mesh.id, token);
    assert.ok(mesh.cursor >= seq, `the device is at ${mesh.cursor}, and ${seq} was told`);
  }
  const { founder } = mesh;
  const next = message(1, { mesh: mesh.id, sender: founder, audience: audienceOf(founder) });
  const outcome = await broker.store.write.appendMessage({ ...next, rosterSeq: null });
  assert.ok(outcome.result === "accepted" && outcome.seq === rows.length + 1);
  return true;
}

interface MeshState {
  readonly id: MeshId;
  readonly founder: MemberId;
  /** the furthest that a device is known to have read */
  readonly cursor: number;
}

function meshOf(folder: string): MeshState | undefined {
  const db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  try {
    const sql = `SELECT id, (SELECT member FROM profile LIMIT 1) AS founder,
      (SELECT coalesce(max(cursor_seq), 0) FROM device) AS cursor FROM mesh`;
    return db.prepare(sql).get() as unknown as MeshState | undefined;
  } finally {
    db.close();
  }
}

test(
  "a broker whose power is cut has everything that it told, and opens by itself",
  options,
  async (t) => {
    const seed = seedOfRun();
    const random = seeded(seed);
    t.diagnostic(`SEED=${seed} CYCLES=${cycles}`);
    const folder = mkdtempSync(join(tmpdir(), "claudemesh-power-"));
    try {
      mkdirSync(join(folder, "root"));
      const traced = await traceBroker(folder, { sends, characters: 30_000 });
      const { history, told } = traced;
      const moments = [...history.changes.map(({ began }) => began), ...told.map(({ at }) => at)];
      const first = told[0]?.at ?? 0;
      // The first start is short, and nothing was ever synced before it.
      const starting = moments.filter((at) => at <= first);
      assert.equal(
        told.flatMap(({ accepted }) => accepted).length,
        sends,
        "what was told was not found",
      );
      const cutAt = (at: number, over: Partial<Cut>): Cut => {
        return { at, loss: random.pick(losses), random: random.fork(), ...over };
      };
      const check = async (name: string, cut: Cut): Promise<boolean> => {
        const to = join(folder, name);
        afterCut(history, cut, to);
        try {
          return await checkBroker(to, cut, traced);
        } catch (error) {
          if (cut.ignoresSyncs) throw error;
          throw new Error(`SEED=${seed} ${name} at line ${cut.at}, ${cut.loss}`, { cause: error });
        } finally {
          rmSync(to, { recursive: true, force: true });
        }
      };
      let withMesh = 0;
      for (let i = 0; i < cycles; i++) {
        if (await check(`cut-${i}`, cutAt(random.pick(i % 4 === 0 ? starting : moments), {})))
          withMesh += 1;
      }
      assert.ok(withMesh > 0);
      // The control: the same disk if nothing was ever synced has to be found wanting, whether it opens or not.
      const answered = told.filter(({ accepted }) => accepted.length > 0);
      const controls = Math.min(cycles, 20);
      let found = 0;
      for (let i = 0; i < controls; i++) {
        const cut = cutAt(random.pick(answered).at, { loss: "none kept", ignoresSyncs: true });
        await check(`control-${i}`, cut).catch((error) => {
          assert.ok(error instanceof assert.AssertionError || error instanceof MeshError, error);
          found += 1;
        });
      }
      assert.equal(found, controls, "the control");
      t.diagnostic(
        `${cycles} cuts among ${history.changes.length} changes to the disk and ${told.length} tellings: all opened, 0 acknowledged lost of ` +
          `${sends} replies; ${found} of ${controls} controls without syncs found`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
