import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";
import { linked, noticesOf } from "./support.ts";

test("a linked device is the same member in every mesh, under ids of its own, and reads on from there", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.mesh.create({ name: "Second" });
  await bob.api.message.send({ to: "alice", text: "before the link" });
  assert.deepEqual(texts(await read(alice, "60s")), ["before the link"]);
  await alice.api.member.verify({ mesh: "team", peer: "bob", confirm: true });

  const laptop = await linked(ground, alice, "laptop");
  const [one, two] = [await alice.whoami(), await laptop.whoami()];
  assert.deepEqual(
    two.meshes.map(({ id, member, slug, key }) => ({ id, member, slug, key })),
    one.meshes.map(({ id, member, slug, key }) => ({ id, member, slug, key })),
  );
  assert.equal(new Set([...one.meshes, ...two.meshes].map(({ device }) => device)).size, 4);
  assert.deepEqual(texts(await read(laptop)), [], "what is older than the link is history there");
  const { items: members } = await laptop.api.member.list({ mesh: "team" });
  assert.equal(members.find(({ name }) => name === "bob")?.trust, "verified");

  await bob.api.message.send({ to: "alice", text: "to both" });
  assert.deepEqual(texts(await read(laptop, "60s")), ["to both"]);
  assert.deepEqual(texts(await read(alice, "60s")), ["to both"]);
  await laptop.api.message.send({ mesh: "team", to: "bob", text: "from the laptop" });
  await alice.api.message.send({ mesh: "team", to: "bob", text: "from the first" });
  const got = [...texts(await read(bob, "60s")), ...texts(await read(bob))];
  assert.deepEqual(got.sort(), ["from the first", "from the laptop"]);

  const { items } = await alice.api.device.list({ mesh: "team" });
  assert.deepEqual(items.map(({ origin }) => origin).sort(), ["linked", "this"]);
  assert.deepEqual(await noticesOf(alice), [], "a linked device is no surprise");
  assert.deepEqual(await noticesOf(laptop), []);
});

test("each way in which a link can fail has an error of its own, and gives nothing away", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const fresh = await ground.device("fresh");
  await refusal("not_found", () => alice.api.device.link({ code: "AAAA-AAAA" }));
  await refusal("exists", () => bob.api.device.link({}));
  await refusal("not_found", () => fresh.api.device.link({ code: "AAAA-AAAA" }));
  await refusal("malformed", () => alice.api.device.link({ code: "aaaa" }));

  const { code = "" } = await fresh.api.device.link({});
  const [, here] = await Promise.all([
    fresh.api.device.link({ wait: true }),
    alice.api.device.link({ code }),
  ]);
  await refusal("conflict", () => bob.api.device.link({ code }));
  const other = here.check === "0000 0000" ? "0000 0001" : "0000 0000";
  const differ = await refusal("bad_signature", () => alice.api.device.link({ confirm: other }));
  assert.match(differ.message, /the numbers differ/);
  await refusal("cancelled", () => fresh.api.device.link({ confirm: here.check ?? "" }));
  await refusal("expired", () => alice.api.device.link({ code }));

  const again = await fresh.api.device.link({});
  await Promise.all([
    fresh.api.device.link({ wait: true }),
    alice.api.device.link({ code: again.code ?? "" }),
  ]);
  const confirm = (await fresh.api.device.link({ wait: true })).check ?? "";
  const waiting = refusal("cancelled", () => fresh.api.device.link({ confirm }));
  assert.equal((await alice.api.device.link({ refuse: true })).state, "refused");
  await waiting;
  assert.deepEqual((await fresh.whoami()).meshes, []);
  await ground.stopBroker();
  await refusal("offline", () => fresh.api.device.link({}));
});
