import assert from "node:assert/strict";
import { test } from "node:test";
import { type Act, RosterTurns } from "./roster-turns.ts";
import type { Timer } from "./timer.ts";

/** A timer that a test fires by hand. */
class HandTimer implements Timer {
  readonly #waiting = new Set<() => void>();

  after(_ms: number, run: () => void): () => void {
    this.#waiting.add(run);
    return () => this.#waiting.delete(run);
  }

  every(ms: number, run: () => void): () => void {
    return this.after(ms, run);
  }

  fire(): void {
    const due = [...this.#waiting];
    this.#waiting.clear();
    for (const run of due) run();
  }
}

/** A chain that is only a number: an act of `base` fits when the chain is as long as that. */
function chain() {
  const timer = new HandTimer();
  const turns = new RosterTurns({ timer, turnMs: 3_000, most: 3 });
  const written: string[] = [];
  const act = (author: string, base: number, rank: Act["rank"] = "member"): Act => ({
    author,
    connection: `of ${author}`,
    rank,
    attempt: async () => {
      if (base !== written.length) return false;
      written.push(author);
      return true;
    },
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { timer, turns, written, act, settled };
}

test("who conflicts holds the tail, and the others wait for it without an error", async () => {
  const { turns, written, act, settled } = chain();
  assert.equal(await turns.run(act("a", 0)), true);
  assert.equal(await turns.run(act("b", 0)), false);
  const c = turns.run(act("c", 1));
  await settled();
  assert.deepEqual(written, ["a"]);
  assert.equal(await turns.run(act("b", 1)), true);
  assert.equal(await c, false);
  assert.equal(await turns.run(act("c", 2)), true);
  assert.deepEqual(written, ["a", "b", "c"]);
  assert.equal(turns.idle, true);
});

test("a missed turn passes on, and whoever waits with an entry that fits gets it in at once", async () => {
  const { timer, turns, written, act, settled } = chain();
  await turns.run(act("a", 0));
  await turns.run(act("b", 0));
  const c = turns.run(act("c", 1));
  await settled();
  timer.fire();
  assert.equal(await c, true);
  assert.deepEqual(written, ["a", "c"]);
  assert.equal(turns.idle, true);
});

test("a revocation takes the tail from who holds it, who then signs again", async () => {
  const { turns, written, act } = chain();
  await turns.run(act("a", 0));
  await turns.run(act("b", 0));
  assert.equal(await turns.run(act("admin", 1, "urgent")), true);
  assert.equal(await turns.run(act("b", 1)), false);
  assert.equal(await turns.run(act("b", 2)), true);
  assert.deepEqual(written, ["a", "admin", "b"]);
});

test("a conflicted revocation goes to the front", async () => {
  const { turns, act, settled } = chain();
  await turns.run(act("a", 0));
  await turns.run(act("b", 0));
  const order: string[] = [];
  const c = turns.run(act("c", 0)).then(() => order.push("c"));
  const admin = turns.run(act("admin", 0, "urgent")).then(() => order.push("admin"));
  await settled();
  await turns.run(act("b", 1));
  await admin;
  await turns.run(act("admin", 2));
  await c;
  assert.deepEqual(order, ["admin", "c"]);
});

test("who goes away gives its place up", async () => {
  const { turns, act, settled } = chain();
  await turns.run(act("a", 0));
  await turns.run(act("b", 0));
  const c = turns.run(act("c", 0));
  const d = turns.run(act("d", 1));
  await settled();
  turns.leave("of c");
  assert.equal(await c, false);
  turns.leave("of b");
  assert.equal(await d, true);
  assert.equal(turns.idle, true);
});

test("the queue is bounded, a refusal ends a turn, and a stop answers all", async () => {
  const { turns, act, settled } = chain();
  await turns.run(act("a", 0));
  await turns.run(act("b", 0));
  const waiting = [turns.run(act("c", 0)), turns.run(act("d", 0))];
  await settled();
  assert.equal(await turns.run(act("e", 0)), false);
  const refused = { ...act("b", 1), attempt: () => Promise.reject(new Error("no")) };
  await assert.rejects(turns.run(refused), /no/);
  assert.equal(await waiting[0], false);
  turns.stop();
  assert.equal(await waiting[1], false);
  assert.equal(turns.idle, true);
});

test("who would like to join waits behind every member, and all of one invite at one place", async () => {
  const { turns, written, act, settled } = chain();
  assert.equal(await turns.run(act("a", 0)), true);
  assert.equal(await turns.run(act("b", 0)), false);
  const joins = Array.from({ length: 50 }, () => turns.run(act("invite", 0, "join")));
  const member = turns.run(act("c", 2));
  await settled();
  assert.equal(await turns.run(act("b", 1)), true);
  assert.equal(await member, true);
  await settled();
  assert.deepEqual(written, ["a", "b", "c"]);
  turns.stop();
  assert.deepEqual(new Set(await Promise.all(joins)), new Set([false]));
});
