import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol";
import { afterCut, type Cut, losses } from "../../packages/testkit/src/faults/power/power-cut.ts";
import { type Seeded, seeded } from "../../packages/testkit/src/faults/seeded.ts";
import { seedOfRun } from "../../packages/testkit/src/seeded-numbers.ts";
import { type HomeRows, openHomeStore } from "./home-rows.ts";
import { homeName, type TracedHome, traceHomes } from "./traced-homes.ts";
import { cannotTrace } from "./tracer.ts";

const cycles = Number(process.env.CYCLES ?? 8);
const messages = 25;
const options = { skip: cannotTrace(), timeout: 300_000 + cycles * 10_000 };
/** Nothing listens there: what a home can still do is what it has. */
const nowhere = "http://127.0.0.1:1";

interface Before {
  readonly printed: readonly Record<string, unknown>[];
  readonly sent: readonly Record<string, unknown>[];
}
type Check = (home: string, before: Before, whole: HomeRows) => Promise<void>;

const open = (home: string) =>
  openDevice({
    home,
    now: Date.now,
    random: systemRandom,
    defaultName: "x",
    defaultBroker: nowhere,
  });

interface Sealed {
  readonly id: string;
  readonly n: number | null;
  readonly text: string;
  readonly envelope: string | null;
}

/** What was told as taken is there, and what the broker may have seen is never sealed again in another way. */
const checkSender: Check = async (home, { printed, sent }) => {
  await using device = await open(home);
  const meshes = (await device.whoami()).meshes.length;
  assert.ok(meshes > 0 || printed.length === 0, "the mesh is gone");
  using store = openHomeStore(home);
  const rows = store.rows<Sealed>("SELECT id, n, text, envelope FROM outbox");
  const texts = new Set(rows.map(({ text }) => text));
  for (const { text } of printed) {
    if (text !== undefined)
      assert.ok(texts.has(String(text)), `${String(text).slice(0, 20)} is lost`);
  }
  const known = new Map(rows.map((row) => [row.id, row]));
  const counters = store.rows<{ n: number }>("SELECT n FROM sent_counter");
  for (const { op, input } of sent as { op?: string; input?: { envelope?: unknown } }[]) {
    if (op !== "message.send") continue;
    const envelope = input?.envelope as { header: { id: string; n: number } };
    const { id, n } = envelope.header;
    const row = known.get(id);
    assert.equal(row?.n, n, `${id} was sent as number ${n}`);
    if (row?.envelope) assert.deepEqual(JSON.parse(row.envelope), envelope);
    assert.ok((counters[0]?.n ?? 0) >= n, "a counter would be drawn again");
  }
  if (meshes > 0 && texts.size > 0) {
    const after = await device.api.message.send({ to: "join", text: "after" });
    assert.equal(after.state, "queued");
  }
};

/** What was acknowledged is there, and what was shown is not shown again as if it were new. */
const checkReader: Check = async (home, { printed, sent }, whole) => {
  await using device = await open(home);
  assert.ok((await device.whoami()).meshes.length > 0 || printed.length === 0, "the mesh is gone");
  const acknowledged = Math.max(0, ...sent.map(({ ack }) => Number(ack ?? 0)));
  using store = openHomeStore(home);
  const rows = store.rows<{ id: string; text: string }>("SELECT id, text FROM inbox");
  const ids = new Set(rows.map(({ id }) => id));
  for (const { id, seq } of whole.rows<{ id: string; seq: number }>("SELECT id, seq FROM inbox")) {
    if (seq <= acknowledged) assert.ok(ids.has(id), `${id} was acknowledged and is lost`);
  }
  const shown = new Set(printed.map(({ text }) => text));
  const texts = new Set(rows.map(({ text }) => text));
  for (const text of shown) assert.ok(texts.has(String(text)), "a shown message is lost");
  if (acknowledged === 0) return;
  const { items } = await device.api.message.inbox({ limit: 100 });
  for (const { text, again } of items)
    assert.ok(again || !shown.has(text), `${text.slice(0, 9)} is shown as new`);
};

/** Cuts the power of one home at seeded moments. Answers how many cuts and controls were found as they must be. */
async function cutHome(
  t: TestContext,
  name: string,
  folder: string,
  traced: TracedHome,
  random: Seeded,
  check: Check,
): Promise<void> {
  const { history, printed, sent } = traced;
  using whole = openHomeStore(traced.folder);
  const told = [...printed, ...sent].map(({ at }) => at);
  const moments = [...history.changes.map(({ began }) => began), ...told];
  const starting = moments.filter((at) => at <= Math.min(...told));
  const checkCut = async (cut: Cut): Promise<void> => {
    const to = join(folder, `${name}-cut`);
    afterCut(history, cut, to);
    const until = (heard: TracedHome["sent"]) =>
      heard.filter(({ at }) => at <= cut.at).map(({ line }) => line);
    try {
      await check(join(to, homeName), { printed: until(printed), sent: until(sent) }, whole);
    } finally {
      rmSync(to, { recursive: true, force: true });
    }
  };
  const cutAt = (at: number) => ({ at, loss: random.pick(losses), random: random.fork() });
  for (let i = 0; i < cycles; i++) {
    const cut = cutAt(random.pick(i % 4 === 0 ? starting : moments));
    await checkCut(cut).catch((cause) => {
      throw new Error(`${name}: cut ${i} at line ${cut.at}, ${cut.loss}`, { cause });
    });
  }
  // The control: the same disk if nothing was ever synced has to be found wanting, whether it opens or not.
  const texts = printed.filter(({ line }) => line.text !== undefined);
  const controls = Math.min(cycles, 20);
  let found = 0;
  for (let i = 0; i < controls; i++) {
    const cut = { ...cutAt(random.pick(texts).at), loss: "none kept", ignoresSyncs: true } as const;
    await checkCut(cut).catch((error) => {
      assert.ok(error instanceof assert.AssertionError || error instanceof MeshError, error);
      found += 1;
    });
  }
  assert.equal(found, controls, `${name}: the control`);
  t.diagnostic(
    `${name}: ${cycles} cuts among ${history.changes.length} changes to the disk and ${told.length} tellings: all opened, nothing told was lost; ` +
      `${found} of ${controls} controls without syncs found`,
  );
}

test(
  "homes whose power is cut keep what they told, and number and show nothing twice",
  options,
  async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed} CYCLES=${cycles}`);
    const random = seeded(seed);
    const folder = mkdtempSync(join(tmpdir(), "claudemesh-power-"));
    try {
      const { sender, reader } = await traceHomes(folder, messages);
      const taken = sender.printed.filter(({ line }) => line.text !== undefined);
      assert.equal(taken.length, messages + 1);
      assert.equal(reader.printed.length, messages + 1);
      assert.ok(sender.sent.length > messages && reader.sent.some(({ line }) => "ack" in line));
      await cutHome(t, "sender", folder, sender, random.fork(), checkSender);
      await cutHome(t, "reader", folder, reader, random.fork(), checkReader);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
