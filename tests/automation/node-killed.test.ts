import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { JobId } from "@claudemesh/protocol";
import type { Store } from "../../apps/broker/src/store/port.ts";
import { startBroker } from "../broker/support/broker.ts";
import { foundMesh } from "../broker/support/member.ts";
import { eventually } from "./eventually.ts";
import { said, saidSoFar } from "./said.ts";
import { VirtualTime } from "./virtual-time.ts";

const start = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;

/** A store over which a node writes nothing more of jobs once it is cut off, as if it had been killed. */
function cuttable(store: Store) {
  const state = { isCut: false };
  const gone = () => Promise.reject(new Error("the node is gone"));
  const write = {
    ...store.write,
    settleJob: (input: Parameters<Store["write"]["settleJob"]>[0]) =>
      state.isCut ? gone() : store.write.settleJob(input),
  };
  const reads = {
    ...store.read,
    dueJobs: (query: Parameters<Store["read"]["dueJobs"]>[0]) =>
      state.isCut ? gone() : store.read.dueJobs(query),
  };
  return { state, store: { ...store, write, read: reads, close: async () => {} } };
}

test("a node that dies between a question to the outside and the note of it leaves it to another, after its time, under the same key", async () => {
  const keys: (string | undefined)[] = [];
  const asked: string[] = [];
  let isFirst: (() => void) | undefined;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (request.method === "POST") keys.push(String(request.headers["idempotency-key"]));
    isFirst?.();
    response.end(request.url === "/page" ? "two" : "taken");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const time = new VirtualTime(start);
  const config = { outboundAllow: ["127.0.0.1"] };
  const options = { now: time.now, timer: time.timer };
  try {
    await using first = await startBroker({ ...config, jobs: false }, options);
    const { store } = first.broker;
    const alice = await foundMesh(first.url, "lab", time.now);
    const client = await alice.connect();
    const doomed = cuttable(store);
    await using second = await startBroker(config, { ...options, store: doomed.store });
    assert.ok(second.url);
    const posted = (await client.call("schedule.create", { url, inMs: minute })).id as JobId;
    const watched = (await client.call("watch.create", { url: `${url}/page` })).id as JobId;
    isFirst = () => {
      doomed.state.isCut = true;
    };
    time.advance(minute);
    await eventually(() => doomed.state.isCut || undefined, "a question that ends the node");
    assert.deepEqual(await said(store, alice), []);
    isFirst = undefined;
    // Past every lease, and before anyone asks again: time that went on meanwhile would run out for who asks.
    time.advance(3 * minute);
    await using third = await startBroker(config, { ...options, store: cuttable(store).store });
    assert.ok(third.url);
    await eventually(
      async () => ((await store.read.job(posted)) === undefined ? true : undefined),
      "another has posted",
    );
    const [told] = await saidSoFar(store, alice, 1);
    assert.match(told?.text ?? "", /answered 200:\ntaken$/);
    assert.equal((await said(store, alice)).length, 1, "its author is told once");
    assert.equal(new Set(keys).size, 1, "the same run, however often it is posted");
    await eventually(async () => {
      const row = await store.read.job(watched);
      return JSON.parse(row?.state ?? "{}").last?.ok === true || undefined;
    }, "the page was looked at");
    await client.close();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
