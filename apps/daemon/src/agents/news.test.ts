import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewsEvent } from "@claudemesh/device";
import type { ClockState, MeshId } from "@claudemesh/protocol";
import { News } from "./news.ts";
import { newsWish } from "./news-wish.ts";
import type { Aside } from "./pushes.ts";

const [one, two] = ["mesh_1", "mesh_2"] as [MeshId, MeshId];
const state = (key: string, mesh = one): NewsEvent => ({
  type: "record_changed",
  ...{ mesh, noun: "state", key },
});
const tick = (n: number, mesh = one): NewsEvent => ({
  ...{ type: "clock_tick", mesh },
  clock: { running: true, speed: 1, tick: n, time: n } as ClockState,
});
const subject = (event: NewsEvent) =>
  event.type === "record_changed"
    ? event.key
    : event.type === "clock_tick"
      ? `tick ${event.clock.tick}`
      : "";

function scene(wish: string) {
  const timers: (() => void)[] = [];
  const pushed: string[] = [];
  let became: Aside = "pushed";
  const news = new News({
    timer: (_ms, fn) => {
      timers.push(fn);
      return () => timers.splice(timers.indexOf(fn), 1);
    },
    meshes: () => [one],
    wish: () => newsWish(wish) ?? assert.fail(),
    say: (mesh, events) => `${mesh}: ${events.map(subject).join(" ")}`,
    push: (_session, text) => {
      pushed.push(text);
      return became;
    },
  });
  const flush = () => {
    for (const fn of timers.splice(0)) fn();
  };
  return { news, pushed, flush, timers, answer: (next: Aside) => (became = next) };
}

test("of each subject the newest is told once, in the order of their last change, of the session's own meshes", () => {
  const { news, timers } = scene("state clock");
  for (const event of [state("a"), tick(1), state("b"), state("a"), tick(2), state("x", two)]) {
    news.put("s", event);
  }
  assert.equal(news.take("s", 10), undefined, "what is too long waits");
  assert.equal(news.take("s", 1_000), "mesh_1: b a tick 2");
  assert.equal(news.take("s", 1_000), undefined);
  assert.deepEqual(timers, [], "nothing was to wake");
});

test("what is not wished for is not kept, and what is too much is counted", () => {
  const { news } = scene("state");
  news.put("s", tick(1));
  assert.equal(news.take("s", 1_000), undefined);
  for (let n = 1; n <= 130; n++) news.put("s", state(String(n)));
  const newest = Array.from({ length: 12 }, (_, n) => n + 119).join(" ");
  assert.equal(news.take("s", 1_000), `mesh_1: ${newest}\n(118 earlier changes are not listed)`);
});

test("what may wake is pushed, what came close together in one, again when it has to wait, and never to whom it cannot reach", () => {
  const { answer, flush, news, pushed } = scene("clock! state");
  news.put("s", state("a"));
  flush();
  assert.deepEqual(pushed, []);
  news.put("s", tick(1));
  answer("later");
  flush();
  news.put("s", tick(2));
  answer("pushed");
  flush();
  assert.deepEqual(pushed, ["mesh_1: a tick 1", "mesh_1: a tick 2"]);
  flush();
  news.put("s", tick(3));
  answer("unreachable");
  flush();
  flush();
  assert.equal(pushed.length, 3);
  assert.equal(news.take("s", 1_000), "mesh_1: tick 3", "it is told at the next boundary");
  news.put("s", tick(4));
  news.forget("s");
  flush();
  assert.equal(pushed.length, 3);
});
