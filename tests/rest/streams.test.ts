import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrokerOverrides } from "@claudemesh/broker";
import { startBroker } from "../broker/support/broker.ts";
import { EventStream } from "./event-stream.ts";
import { type MadeKey, RestWorld } from "./rest-world.ts";

type Timer = BrokerOverrides["timer"];

const streamOf = (
  world: RestWorld,
  key: MadeKey,
  path: string,
  headers: Record<string, string> = {},
) => EventStream.open(world.at.url + path, key.secret, headers);

const say = async (world: RestWorld, key: MadeKey, to: string, text: string) => {
  const answer = await world.post(key, { to, text });
  assert.equal(answer.status, 200, answer.text);
  return answer.body as { seq: number; cursor: string };
};

test("a stream gives a topic's messages once, in order, from where it was left, also over a restart", async () => {
  const world = await RestWorld.start();
  await using _world = world;
  const { topic } = await world.topic("deploys");
  await world.topic("other");
  const key = await world.key({ topics: [topic] });
  const all = await world.key();
  const path = "/v1/topics/deploys/stream";

  const live = await streamOf(world, key, path);
  assert.equal(live.response.headers.get("content-type"), "text/event-stream");
  await say(world, key, "#deploys", "one");
  await say(world, all, "#other", "elsewhere");
  await say(world, key, "#deploys", "two");
  const got = await live.messages(2);
  assert.deepEqual(
    got.map(({ text }) => text),
    ["one", "two"],
  );
  live.close();

  await say(world, key, "#deploys", "three");
  const { folder } = world.at;
  const { port } = world.at.broker;
  world.client.socket.terminate();
  await world.at.broker.stop();
  const at = await startBroker({ port }, {}, folder);
  world.at = { ...at, [Symbol.asyncDispose]: () => at.broker.stop() };
  await say(world, key, "#deploys", "four");

  const again = await streamOf(world, key, path, { "last-event-id": got[0]?.cursor ?? "" });
  const rest = again.messages(4);
  await say(world, key, "#deploys", "five");
  assert.deepEqual(
    (await rest).map(({ text }) => text),
    ["two", "three", "four", "five"],
  );
  again.close();
  const whole = await streamOf(world, key, `${path}?after=0`);
  assert.deepEqual(
    (await whole.messages(5)).map(({ text }) => text),
    ["one", "two", "three", "four", "five"],
  );
  whole.close();
});

test("one stream follows every topic that a key has, those made later too", async () => {
  await using world = await RestWorld.start();
  const { topic } = await world.topic("deploys");
  const scoped = await world.key({ topics: [topic] });
  const all = await world.key();
  const [narrow, wide] = [
    await streamOf(world, scoped, "/v1/events"),
    await streamOf(world, all, "/v1/events"),
  ];
  await say(world, all, "#general", "to all");
  await say(world, all, "#deploys", "to one");
  await world.topic("late");
  await say(world, all, "#late", "to the new one");
  await say(world, all, "#deploys", "again");
  assert.deepEqual(
    (await narrow.messages(2)).map(({ text }) => text),
    ["to one", "again"],
  );
  assert.deepEqual(
    (await wide.messages(4)).map(({ text }) => text),
    ["to all", "to one", "to the new one", "again"],
  );
  narrow.close();
  wide.close();
});

test("a revoked key's open streams end at once and say so; another topic's stream is refused", async () => {
  await using world = await RestWorld.start();
  const { topic } = await world.topic("deploys");
  const key = await world.key({ topics: [topic] });
  const refused = await streamOf(world, key, "/v1/topics/general/stream");
  assert.equal(refused.status, 403);
  refused.close();
  const live = await streamOf(world, key, "/v1/topics/deploys/stream");
  await world.client.call("apikey.revoke", { id: key.id });
  const last = await live.next();
  assert.deepEqual([last?.name, last?.data.code], ["end", 4006]);
  assert.equal(await live.next(), undefined);
  const after = await streamOf(world, key, "/v1/topics/deploys/stream");
  assert.equal(after.status, 401);
  after.close();
});

test("a key that expires ends its streams by itself", async () => {
  let ahead = 0;
  const due: (() => void)[] = [];
  const timer: Timer = {
    after(ms, run) {
      if (ms > 1_000_000) due.push(run);
      const handle = setTimeout(run, ms).unref();
      return () => clearTimeout(handle);
    },
    every(ms, run) {
      const handle = setInterval(run, ms).unref();
      return () => clearInterval(handle);
    },
  };
  await using world = await RestWorld.start({}, { now: () => Date.now() + ahead, timer });
  const expiresAt = Date.now() + 10_000_000;
  const key = await world.key({ expiresAt });
  const live = await streamOf(world, key, "/v1/topics/general/stream");
  assert.equal(live.status, 200);
  ahead = 10_000_001;
  for (const run of due) run();
  assert.equal((await live.next())?.data.code, 4006);
  assert.equal(await live.next(), undefined);
});

test("a stream on which nothing is said is kept open by a comment every 30 seconds, until it ends", async () => {
  const beats = new Set<() => void>();
  const timer: Timer = {
    after(ms, run) {
      const handle = setTimeout(run, ms).unref();
      return () => clearTimeout(handle);
    },
    every(ms, run) {
      if (ms !== 30_000) return () => {};
      beats.add(run);
      return () => beats.delete(run);
    },
  };
  await using world = await RestWorld.start({}, { timer });
  const key = await world.key();
  const others = new Set(beats);
  const stop = new AbortController();
  const { body } = await fetch(`${world.at.url}/v1/topics/general/stream`, {
    headers: { authorization: `Bearer ${key.secret}` },
    signal: stop.signal,
  });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(reader);
  let text = "";
  const until = async (wanted: string) => {
    while (!text.endsWith(wanted)) text += (await reader.read()).value ?? assert.fail(text);
  };
  const own = () => [...beats].filter((beat) => !others.has(beat));
  await until("retry: 1000\n\n");
  assert.equal(own().length, 1);
  for (let n = 1; n <= 2; n++) {
    own()[0]?.();
    await until(": still here\n\n");
    assert.equal(text.split(": still here").length, n + 1);
    text += "|";
  }
  await world.client.call("apikey.revoke", { id: key.id });
  while (!(await reader.read()).done);
  assert.deepEqual(own(), [], "nothing beats for a stream that is over");
});

test("a reader that takes nothing is cut off, and finds everything when it comes back", async () => {
  await using world = await RestWorld.start({ giveUpMs: 100, highWaterBytes: 64 * 1024 });
  const key = await world.key();
  const slow = await streamOf(world, key, "/v1/topics/general/stream");
  const text = "x".repeat(55_000);
  const isCutOff = () => world.at.lines.some((line) => line.includes("/stream"));
  let count = 0;
  for (; !isCutOff(); count++) await say(world, key, "#general", `${count} ${text}`);
  const got: (string | undefined)[] = [];
  let last = "0";
  const take = async (stream: EventStream) => {
    while (got.length < count) {
      const event = await stream.next();
      if (event === undefined) return;
      got.push(event.data.text?.split(" ")[0]);
      last = event.id ?? last;
    }
  };
  await take(slow);
  assert.ok(got.length < count, `${got.length} of ${count}`);
  // A machine that is busy may be as slow once more.
  while (got.length < count) {
    const again = await streamOf(world, key, "/v1/topics/general/stream", {
      "last-event-id": last,
    });
    await take(again);
    again.close();
  }
  assert.deepEqual(
    got,
    Array.from({ length: count }, (_, n) => String(n)),
  );
});
