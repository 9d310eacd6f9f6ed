import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground } from "../device/home-fixture.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look at what the broker answers
type Body = any;

test("a key reads what names its owner, marks it as read, and sees no more than it reaches", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.topic.create({ name: "deploys" });
  await alice.api.topic.create({ name: "secret", visibility: "private" });
  await alice.api.topic.invite({ name: "secret", member: "bob" });
  const whole = await alice.api.apikey.create({ name: "phone" });
  const scoped = await alice.api.apikey.create({ name: "board", topic: "deploys" });
  const reader = await alice.api.apikey.create({ name: "reader", cap: "read" });
  const ask = async (key: { secret?: string | undefined }, path: string, body?: object) => {
    const response = await fetch(`${ground.url}/v1/notifications${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${key.secret}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const shown = async (key: { secret?: string | undefined }, query = "") => {
    const { body, status } = await ask(key, query);
    assert.equal(status, 200, JSON.stringify(body));
    return body.items.map((one: Body) => [one.from.name, one.kind, one.read]);
  };

  await bob.api.topic.join({ name: "deploys" });
  await bob.api.topic.post({ name: "deploys", text: "@alice look at this" });
  await bob.api.topic.post({ name: "general", text: "nobody is named" });
  await bob.drain();
  const secret = await bob.api.topic.post({ name: "secret", text: "@alice in private" });
  assert.equal(secret.state, "accepted");
  const said = await fetch(`${ground.url}/v1/messages`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${scoped.secret}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ to: "#deploys", text: "the build is red", mentions: ["alice", "bob"] }),
  });
  assert.equal(said.status, 200);

  const both = [
    ["board", "plain", false],
    ["bob", "sealed", false],
  ];
  assert.deepEqual(await shown(scoped), both);
  assert.deepEqual(await shown(whole), both, "a private topic takes a key that was made for it");
  const page = await ask(whole, "?limit=1");
  assert.equal(page.body.items[0].text, "the build is red");
  assert.deepEqual(await shown(whole, `?limit=1&before=${page.body.before}`), [both[1]]);
  assert.deepEqual(await shown(whole, `?since=${Date.now() + 3_600_000}`), []);
  const lost = await ask(whole, "?before=999999");
  assert.deepEqual([lost.status, lost.body.error.code], [400, "cursor_invalid"]);

  const refused = await ask(reader, "/read", {});
  assert.deepEqual([refused.status, refused.body.error.code], [403, "forbidden"]);
  const { id } = page.body.items[0];
  assert.deepEqual((await ask(scoped, "/read", { id })).body, { read: 1, more: false });
  assert.deepEqual((await ask(scoped, "/read", { id })).body, { read: 0, more: false });
  assert.deepEqual(await shown(whole, "?unread=true"), [both[1]]);
  const unknown = await ask(whole, "/read", {
    id: `msg_${"0".repeat(8)}-0000-7000-8000-${"0".repeat(12)}`,
  });
  assert.deepEqual([unknown.status, unknown.body.error.code], [404, "not_found"]);

  await alice.drain();
  const { items } = await alice.api.notification.list({ unread: true });
  assert.deepEqual(
    items.map(({ text }) => text),
    ["the build is red", "@alice in private", "@alice look at this"],
    "a device has the private one too",
  );
  await alice.api.notification.read({});
  assert.deepEqual(await shown(whole, "?unread=true"), [], "what a device marks, the broker knows");
  assert.equal((await bob.api.notification.list({})).items.length, 1);
});
