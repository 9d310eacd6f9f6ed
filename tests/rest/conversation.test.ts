import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyMessage } from "@claudemesh/protocol";
import { WebSocket } from "ws";
import { Ground, read } from "../device/home-fixture.ts";
import { EventStream } from "./event-stream.ts";
import { RestWorld } from "./rest-world.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look at what the broker sends
type Frame = any;

/** A WebSocket with an API key, and the messages that it was told. */
class External {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  readonly closed: Promise<number>;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, secret: string, after?: string) {
    const query = after === undefined ? "" : `?after=${after}`;
    const headers = { authorization: `Bearer ${secret}` };
    this.socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/ws${query}`, { headers });
    this.socket.on("message", (data) => {
      this.frames.push(JSON.parse(data.toString()));
      for (const look of this.#waiting) look();
    });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      this.socket.once("close", resolve);
      this.socket.once("unexpected-response", (_request, response) => {
        resolve(response.statusCode ?? 0);
        this.socket.terminate();
      });
    });
  }

  async until(fits: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.frames.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#waiting.delete(look);
          resolve();
        };
        this.#waiting.add(look);
      });
    }
  }

  async call(id: string, op: string, input: unknown): Promise<Frame> {
    this.socket.send(JSON.stringify({ type: "call", id, op, input }));
    return await this.until((frame) => frame.type === "reply" && frame.id === id);
  }

  get messages(): KeyMessage[] {
    return this.frames.filter(({ kind }) => kind === "message").map(({ message }) => message);
  }

  async told(count: number): Promise<KeyMessage[]> {
    await this.until(() => this.messages.length >= count);
    return this.messages;
  }
}

test("a member, a client with a key, a stream and a WebSocket see one conversation in one order, without a gap over a restart", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "deploys" });
  await bob.api.topic.join({ name: "deploys" });
  const made = await alice.api.apikey.create({ name: "ci", topic: "deploys" });
  const secret = made.secret ?? "";
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
  const post = async (text: string) => {
    const body = JSON.stringify({ to: "#deploys", text });
    const answer = await fetch(`${ground.url}/v1/messages`, { method: "POST", headers, body });
    assert.equal(answer.status, 200, await answer.text());
  };
  const streamUrl = `${ground.url}/v1/topics/deploys/stream`;
  const stream = await EventStream.open(streamUrl, secret);
  const external = new External(ground.url, secret);
  await external.until(({ type }) => type === "welcome");

  await alice.api.topic.post({ name: "deploys", text: "sealed 1" });
  await post("plain 2");
  const reply = await external.call("a", "message.post", { to: "#deploys", text: "plain 3" });
  assert.equal(reply.output?.kind, "plain", JSON.stringify(reply));
  const before = await stream.messages(3);
  await external.told(3);
  await ground.stopBroker();
  assert.equal(await external.closed, 1012);
  await ground.startBroker();

  await post("plain 4");
  await bob.api.topic.post({ name: "deploys", text: "sealed 5" });
  const last = before.at(-1)?.cursor ?? "";
  const resumed = await EventStream.open(streamUrl, secret, { "last-event-id": last });
  const external2 = new External(ground.url, secret, last);
  await post("plain 6");

  const streamed = [...before, ...(await resumed.messages(3))];
  const heard = [...external.messages, ...(await external2.told(3))];
  const page = await fetch(`${ground.url}/v1/topics/deploys/messages`, { headers });
  const { items: listed } = (await page.json()) as { items: KeyMessage[] };
  const shape = (one: KeyMessage) => [one.seq, one.id, one.kind, one.text];
  assert.deepEqual(streamed.map(shape), listed.map(shape));
  assert.deepEqual(heard.map(shape), listed.map(shape));
  assert.deepEqual(
    listed.map(({ kind, text }) => text ?? kind),
    ["sealed", "plain 2", "plain 3", "plain 4", "sealed", "plain 6"],
  );
  assert.ok(listed[0]?.envelope && !("text" in listed[0]), "what is sealed stays so");
  const { items } = await alice.api.topic.history({ name: "deploys" });
  const shown = items.reverse();
  assert.deepEqual(
    shown.map(({ seq, id }) => [seq, id]),
    listed.map(({ seq, id }) => [seq, id]),
  );
  assert.deepEqual(
    shown.map(({ text }) => text),
    ["sealed 1", "plain 2", "plain 3", "plain 4", "sealed 5", "plain 6"],
  );
  const { items: given } = await read(bob, "60s");
  assert.deepEqual(given.map(({ text }) => text).sort(), [
    "plain 2",
    "plain 3",
    "plain 4",
    "plain 6",
    "sealed 1",
  ]);
  resumed.close();
  external2.socket.terminate();
});

test("a key's WebSocket is refused what the key may not, and ends with it", async () => {
  await using world = await RestWorld.start();
  const { topic } = await world.topic("deploys");
  await world.topic("other");
  const key = await world.key({ topics: [topic] });
  const wrong = new External(world.at.url, `cm_${"A".repeat(43)}`);
  assert.equal(await wrong.closed, 401);
  const line = new External(world.at.url, key.secret);
  const welcome = await line.until(({ type }) => type === "welcome");
  assert.deepEqual(welcome.key.topics, [topic]);
  const refused = await line.call("1", "message.post", { to: "#other", text: "x" });
  assert.equal(refused.error.code, "forbidden");
  const own = await line.call("2", "message.send", {
    envelope: world.owner.message(world.owner, "x"),
  });
  assert.equal(own.error.code, "forbidden");
  const unknown = await line.call("3", "no.such", {});
  assert.equal(unknown.error.code, "upgrade_required");
  line.socket.send("{");
  assert.equal(await line.closed, 4005);

  const again = new External(world.at.url, key.secret);
  await again.until(({ type }) => type === "welcome");
  await world.client.call("apikey.revoke", { id: key.id });
  assert.equal(await again.closed, 4006);
  const late = new External(world.at.url, key.secret);
  assert.equal(await late.closed, 401);
});

test("who is active over HTTP, or by a key's WebSocket, is among the peers", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const one = await alice.api.apikey.create({ name: "phone" });
  const two = await alice.api.apikey.create({ name: "watcher" });
  const headers = { authorization: `Bearer ${one.secret}` };
  assert.equal((await fetch(`${ground.url}/v1/topics`, { headers })).status, 200);
  const line = new External(ground.url, two.secret ?? "");
  await line.until(({ type }) => type === "welcome");
  for (const device of [alice, bob]) {
    const { items } = await device.api.peer.list({});
    const keys = items.filter(({ apiKey }) => apiKey !== undefined);
    assert.deepEqual(keys.map(({ name, type, via, trust }) => [name, type, via, trust]).sort(), [
      ["phone", "human", "rest", "unverified"],
      ["watcher", "external", "socket", "unverified"],
    ]);
  }
  await alice.api.apikey.revoke({ id: one.id });
  await alice.api.apikey.revoke({ id: two.id });
  assert.equal(await line.closed, 4006);
  const { items } = await bob.api.peer.list({});
  assert.deepEqual(
    items.filter(({ apiKey }) => apiKey !== undefined),
    [],
  );
});
