import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { JobId } from "@claudemesh/protocol";
import { startBroker } from "../broker/support/broker.ts";
import { foundMesh } from "../broker/support/member.ts";
import { eventually } from "./eventually.ts";
import { said, saidSoFar } from "./said.ts";
import { VirtualTime } from "./virtual-time.ts";

const start = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;

/** A page that changes when the test says so. */
class Page {
  readonly asked: IncomingMessage["headers"][] = [];
  body = '{"build":{"state":"running"}}';
  status = 200;
  readonly server = createServer((request, response) => {
    this.asked.push(request.headers);
    const tag = `"${this.body.length}-${this.body.slice(-12, -3)}"`;
    if (this.status === 200 && request.headers["if-none-match"] === tag) {
      response.writeHead(304).end();
    } else {
      response.writeHead(this.status, { etag: tag }).end(this.body);
    }
  });

  async open(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/status`;
  }

  [Symbol.dispose](): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function world() {
  const time = new VirtualTime(start);
  const config = { outboundAllow: ["127.0.0.1"] };
  const at = await startBroker(config, { now: time.now, timer: time.timer });
  const alice = await foundMesh(at.url, "lab", time.now);
  const client = await alice.connect();
  const { store } = at.broker;
  const rows = () => store.read.jobs(alice.mesh, { kind: "watch" });
  /** Waits until no watch looks any more: time that goes on meanwhile would run out for one that does. */
  const still = async () => {
    let last: Awaited<ReturnType<typeof rows>> = [];
    await eventually(
      async () => {
        last = await rows();
        const isStill = last.every(
          ({ plannedAt, dueAt }) => dueAt === null || (plannedAt === dueAt && dueAt > time.now()),
        );
        return isStill || undefined;
      },
      "every watch is still",
      () => last.map(({ id, plannedAt, dueAt }) => [id, plannedAt, dueAt]),
    );
    return last;
  };
  /** Lets every watch look once more, and waits until all of them have. */
  const round = async (ms = minute) => {
    const before = await still();
    time.advance(ms);
    await eventually(
      async () => {
        const now = await rows();
        const isOver = now.every(({ id, plannedAt, dueAt }) => {
          const was = before.find((row) => row.id === id);
          return dueAt === null || (plannedAt === dueAt && plannedAt !== was?.plannedAt);
        });
        return isOver || undefined;
      },
      "every watch has looked",
      () => before.map(({ id, plannedAt, dueAt }) => [id, plannedAt, dueAt]),
    );
  };
  return {
    time,
    at,
    alice,
    client,
    store,
    round,
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  };
}

test("a change is told, a match when it comes true, and what did not change is not asked for whole", async () => {
  using page = new Page();
  const url = await page.open();
  await using here = await world();
  const { alice, client, round, store } = here;
  const json = { url, mode: "json", path: "$.build.state", on: "match", value: "done" };
  await client.call("watch.create", { url, name: "page" });
  const headers = { "X-Token": "not-to-be-shown" };
  const made = await client.call("watch.create", { ...json, name: "build", headers });
  await client.call("watch.create", {
    url,
    name: "health",
    mode: "status",
    on: "not_match",
    value: "200",
  });
  assert.deepEqual(made.headers, ["X-Token"]);
  await eventually(() => (page.asked.length >= 3 ? true : undefined), "the first look");
  await round();
  assert.deepEqual(await said(store, alice), [], "nothing has changed");
  assert.equal(page.asked.filter((one) => one["x-token"] === "not-to-be-shown").length, 2);
  assert.ok(page.asked.some((one) => one["if-none-match"] !== undefined));
  page.body = '{"build":{"state":"done"}}';
  await round();
  const told = await saidSoFar(store, alice, 2);
  const texts = told.map(({ from, subtype, text }) => `${subtype} ${from.name}: ${text}`).sort();
  assert.deepEqual(texts, [
    `watch build: ${url}: $.build.state is done`,
    `watch page: ${url}: the body has changed`,
  ]);
  await round();
  assert.equal((await said(store, alice)).length, 2, "what stays so is told once");
  page.status = 503;
  await round();
  const last = (await saidSoFar(store, alice, 5)).slice(2).map(({ text }) => text);
  assert.ok(last.includes(`${url}: the status is 503`), JSON.stringify(last));
  const text = JSON.stringify([await client.call("watch.list", {}), here.at.lines]);
  assert.ok(!text.includes("not-to-be-shown"));
  const row = await store.read.job(made.id as JobId);
  assert.ok(row?.secret != null && !JSON.stringify(row).includes("not-to-be-shown"));
});

test("what fails is asked less and less often, and no more after ten times; its author hears of the first and the last", async () => {
  using page = new Page();
  const url = await page.open();
  page.status = 500;
  await using here = await world();
  const { alice, client, round, store } = here;
  const id = (await client.call("watch.create", { url })).id as JobId;
  await eventually(async () => (await store.read.job(id))?.fails === 1 || undefined, "a failure");
  for (let n = 2; n <= 10; n++) await round(60 * minute);
  const row = await store.read.job(id);
  assert.deepEqual([row?.fails, row?.dueAt, row?.stopped], [10, null, "it answered 500"]);
  const told = (await said(store, alice)).map(({ text }) => text);
  assert.deepEqual(told, [
    `watch ${id.slice(-8)} failed: it answered 500. It is tried again.`,
    `watch ${id.slice(-8)} is stopped: it answered 500. It failed 10 times in a row.`,
  ]);
  assert.equal(page.asked.length, 10);
});

test("what lies inside is refused when it is asked for, and what cannot be meant as well", async () => {
  await using here = await world();
  const { client } = here;
  for (const wrong of [
    { url: "http://169.254.169.254/latest/meta-data/" },
    { url: "http://[::1]:80/" },
    { url: "http://10.0.0.1/" },
    { url: "ftp://example.com/" },
    { url: "https://example.com/", everyMs: 4_999 },
    { url: "https://example.com/", mode: "json", path: "not a path" },
    { url: "https://example.com/", mode: "json", path: "$[?match(@.a,'(a+)+$')]" },
    { url: "https://example.com/", mode: "json", path: "$..a..b..c" },
    { url: "https://example.com/", path: "$.a" },
    { url: "https://example.com/", on: "match" },
    { url: "https://example.com/", on: "match", value: "x" },
    { url: "https://example.com/", value: "x" },
    { url: "https://example.com/", headers: { Host: "internal" } },
    { url: "https://example.com/", headers: { "X-A": "1\r\nX-B: 2" } },
  ]) {
    await assert.rejects(
      client.call("watch.create", wrong),
      { code: "malformed" },
      JSON.stringify(wrong),
    );
  }
  assert.deepEqual((await client.call("watch.list", {})).items, []);
});

test("a scheduled post reaches its URL, and its answer comes back to whoever scheduled it", async () => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(`${request.method} ${request.headers["content-type"]} ${body}`);
    response.writeHead(bodies.length === 1 ? 201 : 404).end("made");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await using here = await world();
    const { alice, client, store, time } = here;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deploy`;
    const asked = { url, body: '{"ref":"main"}', inMs: minute };
    await client.call("schedule.create", asked);
    time.advance(minute);
    const [first] = await saidSoFar(store, alice, 1);
    assert.match(first?.text ?? "", /answered 201:\nmade$/);
    const { id } = await client.call("schedule.create", asked);
    time.advance(minute);
    const [, second] = await saidSoFar(store, alice, 2);
    assert.match(
      second?.text ?? "",
      new RegExp(`^schedule ${String(id).slice(-8)} failed: 127.* answered 404\\.$`),
    );
    assert.deepEqual(bodies, Array(2).fill('POST application/json {"ref":"main"}'));
    assert.deepEqual((await client.call("schedule.list", {})).items, []);
    await assert.rejects(client.call("schedule.create", { ...asked, url: "http://10.0.0.1/" }), {
      code: "malformed",
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
