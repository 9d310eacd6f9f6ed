import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { sendReceipts } from "../../packages/device/src/feed/send-receipts.ts";
import { confirmShown } from "../../packages/device/src/inbox/confirm-hand-over.ts";
import { offerWaiting } from "../../packages/device/src/inbox/offer-waiting.ts";
import { hasWaiting } from "../../packages/device/src/store/inbox-rows.ts";
import { Ground } from "./home-fixture.ts";
import { Inside } from "./inside.ts";

const leaseMs = 10 * 60_000;

/** Bob's home with these messages of alice's in it, none shown. */
async function withMessages(ground: Ground, ...wanted: string[]): Promise<Inside> {
  await ground.mesh("alice", "bob");
  using alice = new Inside(ground, "alice");
  const bob = new Inside(ground, "bob");
  for (const [i, text] of wanted.entries()) {
    await bob.take("message", alice.seal(bob, { n: i + 1 }, { text }));
  }
  assert.deepEqual(bob.texts(), wanted);
  return bob;
}

const offer = ({ ctx, row }: Inside, now = ctx.now()) =>
  offerWaiting({ ...ctx, now: () => now }, [row], 50);
const shown = (answer: ReturnType<typeof offer>) =>
  answer.items.map(({ text, again }) => [text, again]);

test("what a crashed reader took is waited for no longer once its process id is another's", async () => {
  await using ground = await Ground.start();
  using bob = await withMessages(ground, "one");
  offer(bob);
  assert.deepEqual(shown(offer(bob)), []);
  const crashed = bob.ctx.token.replace(/^(\d+:[^:]*)\d:/, (_, head) => `${head}x:`);
  bob.ctx.store.run("UPDATE inbox SET handing_by = ?", crashed);
  assert.deepEqual(shown(offer(bob)), [["one", true]]);
});

test("a reader whose lease has ended confirms only what no other reader was given", async () => {
  await using ground = await Ground.start();
  using bob = await withMessages(ground, "one");
  using other = new Inside(ground, "bob");
  const start = Date.now();
  offer(bob, start);
  const readers = (now: number) => ({ now, isLive: bob.ctx.isClaimLive });
  const { store } = other.ctx;
  assert.equal(hasWaiting(store, bob.row.mesh, readers(start + leaseMs - 1)), false);
  assert.equal(hasWaiting(store, bob.row.mesh, readers(start + leaseMs)), true);
  assert.deepEqual(shown(offer(other, start + leaseMs)), [["one", true]]);
  assert.equal(confirmShown(bob.ctx, "cli", undefined), 0);
  assert.equal(confirmShown(other.ctx, "cli", undefined), 1);
});

test("what a reader shows after its lease counts while nobody else was given it", async () => {
  await using ground = await Ground.start();
  using bob = await withMessages(ground, "one");
  using other = new Inside(ground, "bob");
  const start = Date.now();
  offer(bob, start);
  offerWaiting({ ...other.ctx, now: () => start + leaseMs }, [bob.row], 0);
  assert.equal(confirmShown(bob.ctx, "cli", undefined), 1);
});

test("only what was shown is confirmed: the messages named, or else those of the last answer", async () => {
  await using ground = await Ground.start();
  using bob = await withMessages(ground, "one", "two", "three");
  const take = (limit: number) => offerWaiting(bob.ctx, [bob.row], limit);
  take(1);
  const [second] = take(1).items;
  assert.ok(second);
  take(1);
  assert.equal(confirmShown(bob.ctx, "cli", [second.id]), 1);
  assert.equal(confirmShown(bob.ctx, "cli", undefined), 1);
  assert.equal(confirmShown(bob.ctx, "cli", undefined), 0);
  const left = bob.ctx.store.all<{ text: string }>(
    "SELECT text FROM inbox WHERE handed_at IS NULL",
  );
  assert.deepEqual(
    left.map(({ text }) => text),
    ["one"],
  );
});

test("a broker that limits the rate of receipts is waited for a while, and nothing is dropped", async () => {
  await using ground = await Ground.start();
  using bob = await withMessages(ground, "one");
  let now = Date.now();
  let asked = 0;
  const timer = (ms: number, fn: () => void) => {
    now += ms;
    queueMicrotask(fn);
    return () => {};
  };
  const acknowledge = async () => {
    asked += 1;
    throw new MeshError("rate_limited", "too many receipts", { retryAfterMs: 600 });
  };
  const ctx = { ...bob.ctx, now: () => now, timer };
  assert.equal(await sendReceipts(ctx, bob.row, { acknowledge }, 7), false);
  assert.equal(asked, 5);
  assert.equal(bob.ctx.store.all("SELECT 1 FROM receipt_out").length, 1);
});
