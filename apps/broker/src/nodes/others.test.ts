import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "@claudemesh/protocol";
import { mesh } from "../store/acceptance/fixtures.ts";
import { withStoreOf } from "../store/acceptance/with-store.ts";
import type { NodeRow } from "../store/nodes-port.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { Elsewhere } from "./elsewhere.ts";
import { lookMs, Others } from "./others.ts";

const withStore = withStoreOf((folder) => openSqliteStore({ folder, now: () => 0 }));
const other: NodeRow = {
  ...{ id: "other", address: "", version: "", keys: "", startedAt: 0, seenAt: 0, beat: 0, told: 1 },
};
const session = (body: object | null) => ({
  mesh,
  subject: "s:one",
  body: body === null ? null : JSON.stringify({ attaches: 1, ...body }),
});

/** The other nodes as one sees them whose looks the test makes. */
function seen(store: Parameters<Parameters<typeof withStore>[0]>[0]) {
  const elsewhere = new Elsewhere();
  const gone: string[] = [];
  const others = new Others({
    self: "self",
    elsewhere,
    store,
    cameElsewhere: () => {},
    goneWith: (left) => gone.push(...left.map(({ subject }) => subject)),
    log: (_event, cause) => assert.fail(String(cause)),
  });
  const look = async (times = 1) => {
    for (let n = 0; n < times; n += 1) await others.look(await store.read.nodes());
  };
  const place = () => elsewhere.sessions(mesh)[0] as { n?: number } | undefined;
  return { others, look, place, gone };
}

test("a node whose beat stands still for 20 s is dead, and what was there is gone with it", async () => {
  await withStore(async (store) => {
    const { others, look, place, gone } = seen(store);
    await store.write.putNode({ node: other, presence: [session({})] });
    await look();
    assert.ok(place());
    assert.equal(others.live, 2);
    await look(19);
    await store.write.putNode({ node: { ...other, beat: 1 }, presence: [] });
    await look(20);
    assert.ok(place());
    assert.deepEqual(gone, []);
    await look();
    assert.equal(place(), undefined);
    assert.deepEqual(gone, ["s:one"]);
    assert.equal(others.live, 1);
    assert.deepEqual(await store.read.nodes(), []);
  });
});

test("what was at a node that stopped in order has the grace of a lost connection", async () => {
  await withStore(async (store) => {
    const { others, look, place, gone } = seen(store);
    await store.write.putNode({ node: other, presence: [session({})] });
    await look();
    await store.write.forgetNode({ id: other.id });
    await look();
    assert.equal(others.live, 1);
    await look(limits.sessionGraceMs / lookMs - 1);
    assert.ok(place());
    await look();
    assert.equal(place(), undefined);
    assert.deepEqual(gone, ["s:one"]);
  });
});

test("signals are taken in their order, and what a lost one told is read from the rows", async () => {
  await withStore(async (store) => {
    const { others, look, place } = seen(store);
    const news = (told: number, n: number) => ({
      node: other.id,
      told,
      rows: [session({ n })],
    });
    others.hear(news(1, 1));
    assert.equal(place()?.n, 1);
    others.hear(news(2, 2));
    others.hear(news(1, 1));
    assert.equal(place()?.n, 2);

    // The third is lost; before its row is written nothing later is taken.
    others.hear(news(4, 4));
    assert.equal(place()?.n, 2);
    await store.write.putNode({
      node: { ...other, told: 5 },
      presence: [session({ n: 5 }), { mesh, subject: "s:two", body: '{"attaches":1}' }],
    });
    while (place()?.n !== 5) await look();
    await store.write.putNode({
      node: { ...other, told: 6 },
      presence: [session(null)],
    });
    await look();
    assert.equal(place()?.n, undefined);
  });
});
