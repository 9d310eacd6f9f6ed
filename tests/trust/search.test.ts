import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { migrate } from "../../packages/device/src/store/migrate.ts";
import { migrations } from "../../packages/device/src/store/migrations.ts";
import { Ground, read, refusal } from "../device/home-fixture.ts";

/** Writes a home's database as a version did that did not know this migration yet. */
function asWrittenBefore(path: string, name: string): void {
  const known = migrations.findIndex((one) => one.name === name);
  assert.ok(known > 0);
  renameSync(path, `${path}.now`);
  const db = new DatabaseSync(path);
  migrate(db, migrations.slice(0, known), 0);
  const listed = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  db.prepare("ATTACH ? AS later").run(`${path}.now`);
  for (const { name: table } of listed as { name: string }[]) {
    if (table === "migration" || table.startsWith("sqlite_")) continue;
    const columns = db.prepare("SELECT name FROM pragma_table_info(?)").all(table);
    const list = (columns as { name: string }[]).map((one) => `"${one.name}"`).join(", ");
    db.exec(
      `INSERT OR REPLACE INTO main."${table}" (${list}) SELECT ${list} FROM later."${table}"`,
    );
  }
  db.close();
}

test("a search finds what was sent and received, by words, phrase, beginning, sender and mesh", async () => {
  await using ground = await Ground.start();
  const [alice, bob, carol] = await ground.mesh("alice", "bob", "carol");
  assert.ok(alice && bob && carol);
  await bob.api.message.send({ to: "alice", text: "the deployment to Zürich failed, see the log" });
  await carol.api.message.send({
    to: "alice",
    text: "failed log rotation: a long story of many words",
  });
  await alice.api.message.send({
    to: "bob",
    text: "the log of the deployment is in the build box",
  });
  for (let got = 0; got < 2; ) got += (await read(alice, "60s")).items.length;
  const find = async (text: string, more: object = {}) => {
    const { items } = await alice.api.search.messages({ text, ...more });
    return items.map(({ with: { name }, direction }) => `${direction} ${name}`).sort();
  };
  assert.deepEqual(await find("LOG"), ["received bob", "received carol", "sent bob"]);
  assert.deepEqual(await find("zurich"), ["received bob"], "marks and case do not count");
  assert.deepEqual(await find("log failed"), ["received bob", "received carol"], "all words");
  assert.deepEqual(await find('"failed log"'), ["received carol"], "as a phrase");
  assert.deepEqual(await find("deploy"), []);
  assert.deepEqual(await find("deploy*"), ["received bob", "sent bob"]);
  assert.deepEqual(await find("log", { from: "bob" }), ["received bob"]);
  assert.deepEqual(await find("log", { from: "me" }), ["sent bob"]);
  assert.deepEqual(await find("log", { mesh: "team", since: "1h" }), await find("log"));
  assert.deepEqual(await find('NOT "'), [], "no syntax but quotes and the star");
  assert.deepEqual(await find("log) OR (zurich"), []);
  await refusal("malformed", () => find("?!"));
  await refusal("no_recipient", () => find("log", { from: "dave" }));
  await refusal("cursor_invalid", () => find("log", { cursor: "x" }));
  await ground.stopBroker();
  assert.equal((await find("zurich")).length, 1, "nobody is asked");
});

test("the best comes first, pages follow each other without a repeat, and snippets show the match", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const filler = "much that has nothing to do with it ".repeat(20);
  for (let n = 0; n < 7; n++) {
    await bob.api.message.send({ to: "alice", text: `${filler} kiwi ${n} ${filler}` });
  }
  await bob.api.message.send({ to: "alice", text: "kiwi, kiwi and kiwi" });
  await read(alice, "60s");
  await alice.drain();
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await alice.api.search.messages({
      text: "kiwi",
      limit: 3,
      ...(cursor === undefined ? {} : { cursor }),
    });
    seen.push(...page.items.map(({ snippet }) => snippet));
    cursor = page.cursor;
  } while (cursor !== undefined);
  assert.equal(seen.length, 8);
  assert.equal(seen[0], "kiwi, kiwi and kiwi");
  for (const snippet of seen) {
    assert.match(snippet, /kiwi/);
    assert.ok(snippet.length <= 145, `${snippet.length}`);
  }
  assert.equal(new Set(seen).size, 8);
});

test("a home from before the index is searched as one from after, and a restored one too", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.api.message.send({ to: "alice", text: "written long ago" });
  await read(alice, "60s");
  await alice.close();
  asWrittenBefore(join(ground.home("alice"), "home.db"), "0008-trust");
  const again = await ground.device("alice");
  const found = await again.api.search.messages({ text: "long" });
  assert.deepEqual(
    found.items.map(({ snippet }) => snippet),
    ["written long ago"],
  );
  const path = ground.home("a.backup");
  await again.api.backup.create({ path, passphrase: "twelve chars." });
  const restored = await ground.device("restored");
  await restored.api.backup.restore({ path, passphrase: "twelve chars." });
  const there = await restored.api.search.messages({ text: "ago" });
  assert.equal(there.items[0]?.with.name, "bob");
});

test("an edited post is found by its new text only, by its author at once, also while it waits to be sent", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const found = async (device: typeof alice, text: string) =>
    (await device.api.search.messages({ text })).items.map(({ snippet }) => snippet);
  await alice.drain();
  const { id } = await alice.api.topic.post({ name: "general", text: "the apricot is ripe" });
  await bob.drain();
  await alice.api.topic.edit({ id, text: "the quince is ripe" });
  assert.deepEqual(await found(alice, "apricot"), []);
  assert.deepEqual(await found(alice, "quince"), ["the quince is ripe"]);
  await bob.drain();
  assert.deepEqual(await found(bob, "apricot"), []);
  assert.deepEqual(await found(bob, "quince"), ["the quince is ripe"]);
  await ground.stopBroker();
  const queued = await alice.api.topic.post({ name: "@bob", text: "plum for you" });
  assert.equal(queued.state, "queued");
  await alice.api.topic.edit({ id: queued.id, text: "cherry for you" });
  await ground.startBroker();
  await Promise.all([alice.drain(), bob.drain()]);
  await bob.drain();
  for (const device of [alice, bob]) {
    assert.deepEqual(await found(device, "plum"), []);
    assert.deepEqual(await found(device, "cherry"), ["cherry for you"]);
  }
});
