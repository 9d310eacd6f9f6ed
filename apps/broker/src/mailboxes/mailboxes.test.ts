import assert from "node:assert/strict";
import { test } from "node:test";
import { ready, systemRandom } from "@claudemesh/crypto/verify";
import { type ErrorCode, limits, MeshError } from "@claudemesh/protocol";
import { Mailboxes } from "./mailboxes.ts";

await ready();

/** Mailboxes whose clock and timers stand still until they are moved. */
function ground() {
  let now = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const one = { at: now + ms, run };
    timers.push(one);
    return () => {
      timers = timers.filter((other) => other !== one);
    };
  };
  const forward = (ms: number) => {
    now += ms;
    for (const one of timers.filter(({ at }) => at <= now)) {
      timers = timers.filter((other) => other !== one);
      one.run();
    }
  };
  const timer = { after, every: () => () => {} };
  return { boxes: new Mailboxes({ now: () => now, random: systemRandom, timer }), forward };
}

const refused = (code: ErrorCode, act: () => unknown): void => {
  assert.throws(act, (error) => error instanceof MeshError && error.code === code);
};

test("each side gets what the other has left, in order and as often as it asks", async () => {
  const { boxes } = ground();
  const { code, token } = boxes.open("a");
  const other = boxes.enter(code);
  assert.equal(boxes.side(token).put(0, "zero"), true);
  assert.equal(boxes.side(token).put(0, "zero"), true, "a repeat");
  refused("conflict", () => boxes.side(token).put(0, "another"));
  refused("conflict", () => boxes.side(token).put(2, "out of turn"));
  assert.equal(await boxes.side(other.token).take(0, 0), "zero");
  assert.equal(await boxes.side(other.token).take(0, 0), "zero");
  assert.equal(await boxes.side(token).take(0, 0), undefined, "not one's own");
  const waiting = boxes.side(other.token).take(1, 1_000);
  boxes.side(token).put(1, "one");
  assert.equal(await waiting, "one");
});

test("only so many parts wait at a time, and one that was let go makes room", async () => {
  const { boxes } = ground();
  const { code, token } = boxes.open("a");
  const other = boxes.enter(code);
  for (let part = 0; part < limits.mailboxWaiting; part++) {
    assert.equal(boxes.side(token).put(part, "part"), true);
  }
  assert.equal(boxes.side(token).put(limits.mailboxWaiting, "one more"), false);
  await boxes.side(other.token).take(1, 0);
  assert.equal(boxes.side(token).put(limits.mailboxWaiting, "one more"), true);
});

test("a mailbox has two sides, ends after its time, and says which of wrong, taken and over it is", async () => {
  const { boxes, forward } = ground();
  refused("not_found", () => boxes.enter("AAAA-AAAA"));
  const { code, token } = boxes.open("a");
  const other = boxes.enter(code);
  refused("conflict", () => boxes.enter(code));
  const waiting = boxes.side(other.token).take(0, limits.mailboxMs * 2);
  forward(limits.mailboxMs);
  await assert.rejects(waiting, { code: "expired" });
  refused("expired", () => boxes.side(token));
  refused("expired", () => boxes.enter(code));
  assert.equal(boxes.size, 0);
  const again = boxes.open("a");
  boxes.close(again.token);
  refused("cancelled", () => boxes.side(again.token));
  refused("not_found", () => boxes.side("unknown"));
});

test("one address has few mailboxes, and what is over makes room", () => {
  const { boxes, forward } = ground();
  for (let n = 0; n < limits.mailboxesPerAddress; n++) boxes.open("a");
  refused("rate_limited", () => boxes.open("a"));
  boxes.open("b");
  forward(limits.mailboxMs);
  assert.match(boxes.open("a").code, /^[A-Z2-7]{4}-[A-Z2-7]{4}$/);
});

test("one who waits hears the part that is there when the wait is over, or nothing", async () => {
  const { boxes, forward } = ground();
  const { code } = boxes.open("a");
  const other = boxes.enter(code);
  const waiting = boxes.side(other.token).take(0, 20);
  forward(20);
  assert.equal(await waiting, undefined);
});
