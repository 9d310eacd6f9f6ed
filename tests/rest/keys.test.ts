import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RosterEntry } from "@claudemesh/protocol";
import { refusal } from "../broker/support/client.ts";
import { addMember } from "../broker/support/member.ts";
import { codeOf, drawKey, RestWorld } from "./rest-world.ts";

test("a key posts into its topic and reads it, and is refused on every other one alike", async () => {
  await using world = await RestWorld.start();
  const [deploys] = [await world.topic("deploys"), await world.topic("private-plans")];
  const key = await world.key({ topics: [deploys.topic] });

  const posted = await world.post(key, { to: "#deploys", text: "build 7 is green" });
  assert.equal(posted.status, 200, posted.text);
  const read = await world.ask("GET", "/v1/topics/deploys/messages", { key });
  assert.equal(read.status, 200, read.text);
  const [item] = read.body.items;
  assert.deepEqual(
    { ...item, at: 0, cursor: "" },
    {
      id: posted.body.id,
      seq: posted.body.seq,
      cursor: "",
      at: 0,
      kind: "plain",
      to: `t:${deploys.topic}`,
      from: { name: "ci", member: world.owner.id, key: key.id },
      verified: false,
      priority: "next",
      text: "build 7 is green",
    },
  );
  for (const topic of ["private-plans", "not-there", "general"]) {
    const refused = [
      await world.ask("GET", `/v1/topics/${topic}/messages`, { key }),
      await world.ask("GET", `/v1/topics/${topic}/members`, { key }),
      await world.ask("POST", `/v1/topics/${topic}/read`, { key, body: { seq: 1 } }),
      await world.post(key, { to: `#${topic}`, text: "hello" }),
    ];
    assert.deepEqual(
      refused.map((one) => [one.status, codeOf(one)]),
      refused.map(() => [403, "forbidden"]),
      topic,
    );
  }
  for (const to of ["*", world.owner.id, "@team"]) {
    assert.equal((await world.post(key, { to, text: "hello" })).status, 403, to);
  }
  const topics = await world.ask("GET", "/v1/topics", { key });
  assert.deepEqual(
    topics.body.items.map(({ id }: { id: string }) => id),
    [deploys.topic],
  );
});

test("no key, a wrong one, a revoked one and an expired one are told the same", async () => {
  let now = 1_800_000_000_000;
  await using world = await RestWorld.start({}, { now: () => now });
  const good = await world.key();
  const short = await world.key({ name: "short", expiresAt: now + 1_000 });
  const headers = { authorization: `Bearer cm_${"A".repeat(43)}` };
  for (const one of [good, short]) {
    assert.equal((await world.ask("GET", "/v1/topics", { key: one })).status, 200);
  }
  now += 1_000;
  await world.client.call("apikey.revoke", { id: good.id.slice(0, 14) });
  const answers = [
    await world.ask("GET", "/v1/topics"),
    await world.ask("GET", "/v1/topics", { headers }),
    await world.ask("GET", "/v1/topics", { headers: { authorization: "Basic x" } }),
    await world.ask("GET", "/v1/topics", { key: good }),
    await world.ask("GET", "/v1/topics", { key: short }),
  ];
  for (const one of answers) {
    assert.equal(one.status, 401);
    assert.equal(codeOf(one), "unauthorized");
    assert.match(one.headers.get("www-authenticate") ?? "", /^Bearer/);
  }
  assert.equal(new Set(answers.slice(1).map((one) => one.body.error.message)).size, 1);
  const { items } = (await world.client.call("apikey.list", {})) as { items: { state: string }[] };
  assert.deepEqual(items.map(({ state }) => state).sort(), ["expired", "revoked"]);
});

test("a key may do what its capabilities say, and no more than its owner", async () => {
  await using world = await RestWorld.start();
  await world.topic("deploys");
  const reader = await world.key({ capabilities: ["read"] });
  const sender = await world.key({ capabilities: ["send"] });
  const refused = await world.post(reader, { to: "#deploys", text: "x" });
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.body.error.detail, { reason: "capability", capability: "send" });
  assert.equal((await world.ask("GET", "/v1/topics", { key: sender })).status, 403);
  assert.equal((await world.post(sender, { to: "#deploys", text: "x" })).status, 200);
  const list = { key: sender };
  assert.equal((await world.ask("GET", "/v1/apikeys", list)).status, 403);
  const admin = await world.key({ capabilities: ["admin"] });
  const listed = await world.ask("GET", "/v1/apikeys", { key: admin });
  assert.equal(listed.body.items.length, 3);
  assert.doesNotMatch(listed.text, /hash|cm_/);
  const own = { envelope: world.owner.message(world.owner, "x") };
  const sent = await world.ask("POST", "/v1/ops/message.send", { key: admin, body: own });
  assert.equal(sent.status, 403, "a member's envelope takes a member's device");

  const bob = await addMember(world.owner, "bob");
  const client = await bob.connect();
  await assert.rejects(client.call("apikey.create", drawKey().input), refusal("forbidden"));
  await assert.rejects(client.call("apikey.list", {}), refusal("forbidden"));
  await assert.rejects(client.call("apikey.revoke", { id: sender.id }), refusal("forbidden"));
  await assert.rejects(
    client.call("message.post", { to: "#general", text: "x" }),
    refusal("forbidden"),
  );
  await client.close();
});

test("a key ends with its owner's membership", async () => {
  await using world = await RestWorld.start();
  const admin = await addMember(world.owner, "admin");
  const entry = world.owner.next("role", { member: admin.id, role: "admin" });
  await world.client.call("member.role", { entry });
  world.owner.roster.apply(entry);
  const { id, secret, input } = drawKey();
  const line = await admin.connect();
  await line.call("apikey.create", input);
  const key = { id, secret };
  assert.equal((await world.ask("GET", "/v1/topics", { key })).status, 200);
  const { items } = await line.call("roster.list", { after: admin.roster.head.seq });
  admin.roster.append(items as RosterEntry[]);
  await line.call("mesh.leave", { entry: admin.next("remove", { member: admin.id }) });
  assert.equal((await world.ask("GET", "/v1/topics", { key })).status, 401);
});

test("a revoke names one key by enough of its id, or says why not", async () => {
  await using world = await RestWorld.start();
  const twin = (end: string) => {
    const { input } = drawKey();
    return { ...input, id: `key_abcdef00-0000-4000-8000-00000000000${end}` };
  };
  for (const end of ["1", "2"]) await world.client.call("apikey.create", twin(end));
  const revoke = (id: string) => world.client.call("apikey.revoke", { id });
  await assert.rejects(revoke("abcdef"), refusal("ambiguous"));
  await assert.rejects(revoke("abcde"), refusal("malformed"));
  await assert.rejects(revoke("ffffff"), refusal("not_found"));
  const whole = "key_abcdef00-0000-4000-8000-000000000001";
  assert.equal((await revoke(whole)).result, "revoked");
  assert.equal((await revoke(whole)).result, "revoked", "once more is no error");
  assert.equal((await revoke("abcdef")).id, "key_abcdef00-0000-4000-8000-000000000002");
});

test("the secret is nowhere in the store or the log", async () => {
  await using world = await RestWorld.start();
  const key = await world.key();
  await world.post(key, { to: "#general", text: "hello" });
  await world.ask("GET", "/v1/topics", { headers: { authorization: `Bearer ${key.secret}x` } });
  const files = ["broker.db", "broker.db-wal"].map((name) =>
    readFileSync(join(world.at.folder, name)).toString("latin1"),
  );
  for (const text of [...files, world.at.lines.join("\n")]) {
    assert.ok(!text.includes(key.secret));
    assert.ok(!text.includes(key.secret.slice(3)));
  }
});

test("a mesh that takes end-to-end encrypted messages only refuses every plain one", async () => {
  await using world = await RestWorld.start();
  const key = await world.key();
  const entry = world.owner.next("policy", { requireE2E: true });
  await world.client.call("mesh.settings", { entry });
  const refused = await world.post(key, { to: "#general", text: "hello" });
  assert.equal(refused.status, 403);
  assert.equal(refused.body.error.detail.reason, "require_e2e");
  assert.equal((await world.ask("GET", "/v1/topics/general/messages", { key })).status, 200);
});
