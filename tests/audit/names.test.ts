import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground } from "../device/home-fixture.ts";

test("the audit names members and API keys, whoever asked and whomever it concerns", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const made = await alice.api.apikey.create({ name: "ops", cap: "admin" });
  const old = await alice.api.apikey.create({ name: "old" });
  const answer = await fetch(`${ground.url}/v1/ops/apikey.revoke`, {
    method: "POST",
    headers: { authorization: `Bearer ${made.secret}`, "content-type": "application/json" },
    body: JSON.stringify({ id: old.id }),
  });
  assert.equal(answer.status, 200, await answer.text());
  const shown = async () => {
    const { items } = await alice.api.audit.list({});
    return items
      .filter(({ act }) => act.startsWith("key."))
      .map(({ act, byName, aboutName }) => [act, byName, aboutName]);
  };
  const keys = [
    ["key.made", "alice", "key ops"],
    ["key.made", "alice", "key old"],
    ["key.revoked", "key ops of alice", "key old"],
  ];
  assert.deepEqual(await shown(), keys);
  const { items } = await alice.api.audit.tail({ limit: 1 });
  assert.deepEqual(
    items.map(({ byName }) => byName),
    ["key ops of alice"],
  );
});
