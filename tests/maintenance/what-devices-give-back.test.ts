import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { backupBroker, checkBroker, restoreBroker } from "@claudemesh/broker/maintenance";
import { systemRandom } from "@claudemesh/crypto";
import type { LocalDevice } from "@claudemesh/device";
import { Ground, read, refusal, texts } from "../device/home-fixture.ts";

const bound = { timeout: 240_000 };

/** A ground whose broker can be set back to what it was. */
async function backedUp(ground: Ground) {
  const folder = join(ground.folder, "broker");
  const backup = join(ground.folder, "backup");
  await backupBroker({ folder, to: backup, at: Date.now() });
  return async () => {
    await ground.stopBroker();
    rmSync(folder, { recursive: true });
    const wish = { from: backup, folder, at: Date.now(), random: systemRandom };
    await restoreBroker({ ...wish, force: false });
    await ground.startBroker();
  };
}

/** Where the members' devices are told that they have read to. */
function readMarkers(folder: string): number[] {
  using db = new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
  return db
    .prepare("SELECT seq FROM topic_read ORDER BY seq")
    .all()
    .map(({ seq }) => Number(seq));
}

const names = async (device: LocalDevice): Promise<string[]> =>
  (await device.api.member.list({})).items.map(({ name }) => name).sort();

const stateOf = async (device: LocalDevice, id: string) =>
  (await device.api.message.status({ id })).state;

test(
  "what was acknowledged after the backup is read once by whom it was for, and who was removed stays removed",
  bound,
  async () => {
    await using ground = await Ground.start();
    const [alice, bob, mallory] = await ground.mesh("alice", "bob", "mallory");
    assert.ok(alice && bob && mallory);
    await alice.api.topic.create({ name: "before", visibility: "public" });
    await alice.api.topic.post({ name: "before", text: "alone here" });
    const early = await alice.api.message.send({ to: "bob", text: "in the backup" });
    const setBack = await backedUp(ground);

    // Everything from here on the broker forgets.
    assert.deepEqual(texts(await read(bob)), ["in the backup"]);
    const had = await alice.api.message.send({ to: "bob", text: "bob has it" });
    assert.deepEqual(texts(await read(bob)), ["bob has it"]);
    await alice.api.topic.create({ name: "after", visibility: "public" });
    await bob.api.topic.join({ name: "after" });
    await bob.api.topic.join({ name: "before" });
    const marked = await alice.api.topic.read({ name: "before" });
    assert.ok(marked.seq > 0);
    await alice.api.topic.post({ name: "after", text: "a post" });
    await alice.api.message.send({ to: "*", text: "to everyone" });
    const { link } = await alice.api.invite.create({});
    const carol = await ground.device("carol");
    await carol.api.invite.claim({ invite: link });
    await carol.api.member.update({ displayName: "caroline" });
    const toBob = await carol.api.message.send({ to: "bob", text: "carol, whom the backup lacks" });
    await alice.api.member.ban({ member: "mallory" });
    const waits = await alice.api.message.send({ to: "bob", text: "under the new key" });
    await bob.api.message.send({ to: "alice", text: "bob, who waits for an answer" });
    await setBack();

    // The broker does not know carol: her own device brings it the entries up to her own. Of the removal it hears from alice.
    assert.equal((await carol.api.member.list({})).items.length, 4);
    const { notices } = await alice.api.message.inbox({});
    assert.ok(notices.some(({ text }) => /was restored from a backup.*mesh confirm/.test(text)));
    await carol.api.message.inbox({});
    assert.deepEqual(await names(alice), ["alice", "bob", "caroline"]);
    await refusal("not_member", () => mallory.api.message.send({ to: "bob", text: "let me in" }));
    assert.deepEqual(await names(bob), ["alice", "bob", "caroline"]);
    // What is under the new key opens when that key has come, from alice, who is not always there.
    const atBob: string[] = [];
    for (let looks = 0; atBob.length < 3 && looks < 60; looks++) {
      atBob.push(...texts(await read(bob, "1s")));
      await alice.drain();
    }
    assert.deepEqual(atBob.sort(), [
      "carol, whom the backup lacks",
      "to everyone",
      "under the new key",
    ]);
    assert.deepEqual(texts(await read(bob)), []);
    // Bob's place in the topic is said again after alice has posted again: it is older than bob's time there, so that it is in the topic's past.
    const past = await bob.api.topic.history({ name: "after" });
    assert.deepEqual(
      past.items.map(({ text }) => text),
      ["a post"],
    );
    assert.deepEqual(texts(await read(alice)), ["bob, who waits for an answer"]);
    for (const id of [early.id, had.id, waits.id]) {
      assert.equal(await stateOf(alice, id), "offered", id);
    }
    assert.equal(await stateOf(carol, toBob.id), "offered");
    assert.deepEqual(
      (await bob.api.topic.list({})).items
        .filter(({ visibility }) => visibility === "public")
        .map(({ name }) => name)
        .sort(),
      ["after", "before", "general"],
    );

    // Messages go on; the roster waits for an owner.
    assert.equal((await bob.api.message.send({ to: "alice", text: "go on" })).state, "accepted");
    const error = await refusal("log_mismatch", () => alice.api.invite.create({}));
    assert.match(error.message, /no owner has confirmed/);
    assert.match(error.hint ?? "", /claudemesh mesh confirm/);
    await refusal("forbidden", () => bob.api.mesh.confirm({}));
    const { epoch } = await alice.api.mesh.confirm({});
    assert.equal(epoch, 2);
    const again = await alice.api.invite.create({});
    const dave = await ground.device("dave");
    await dave.api.invite.claim({ invite: again.link });
    assert.deepEqual(await names(dave), ["alice", "bob", "caroline", "dave"]);
    assert.deepEqual(texts(await read(dave)), []);
    await alice.api.message.send({ to: "*", text: "all four" });
    for (const device of [bob, carol, dave])
      assert.deepEqual(texts(await read(device)), ["all four"]);
    await refusal("conflict", () => alice.api.mesh.confirm({}));
    await ground.stopBroker();
    const folder = join(ground.folder, "broker");
    assert.ok((await checkBroker({ folder })).every(({ ok }) => ok));
    assert.deepEqual(readMarkers(folder), [marked.seq]);
  },
);

test(
  "one who knows more than what an owner has confirmed is shown both heads, and goes on when its person says so",
  bound,
  async () => {
    await using ground = await Ground.start();
    const [alice, bob] = await ground.mesh("alice", "bob");
    assert.ok(alice && bob);
    await alice.api.member.role({ member: "bob", role: "admin" });
    await alice.close();
    const setBack = await backedUp(ground);
    const { link } = await bob.api.invite.create({});
    const carol = await ground.device("carol");
    await carol.api.invite.claim({ invite: link });
    await bob.api.message.send({ to: "carol", text: "lost for you" });
    await carol.close();
    await bob.close();
    await setBack();

    // The owner has not waited for bob, who knows carol.
    const owner = await ground.device("alice");
    await owner.api.mesh.confirm({});
    const late = await ground.device("bob");
    const error = await refusal("roster_fork", () => late.api.member.list({}));
    assert.match(
      error.message,
      /theirs ends at entry \d+ \([0-9a-f]{16}\); here entry \d+ \([0-9a-f]{16}\)/,
    );
    assert.match(error.hint ?? "", /claudemesh mesh accept team/);
    const accepted = await late.api.mesh.accept({ mesh: "team" });
    assert.deepEqual(
      accepted.dropped.map(({ type }) => type),
      ["invite", "join"],
    );
    assert.deepEqual(await names(late), ["alice", "bob"]);
    assert.deepEqual(texts(await read(owner)), []);
    await read(late);
    await late.api.message.send({ to: "*", text: "under the confirmed key" });
    assert.deepEqual(texts(await read(owner)), ["under the confirmed key"]);
    await refusal("conflict", () => late.api.mesh.accept({ mesh: "team" }));
  },
);
