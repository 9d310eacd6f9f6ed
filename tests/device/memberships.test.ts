import assert from "node:assert/strict";
import { test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { Ground, read, refusal, texts } from "./home-fixture.ts";

test("an invite is made, previewed, claimed once, listed and revoked", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const made = await alice.api.invite.create({});
  assert.match(made.warning ?? "", /only owner/);
  const bob = await ground.device("bob");
  const preview = await bob.api.invite.preview({ invite: made.link });
  assert.equal(preview.name, "Team");
  const joined = await bob.api.invite.claim({ invite: made.code, name: "Robert" });
  assert.deepEqual(joined.peers, ["alice"]);
  assert.equal(joined.displayName, "Robert");
  const again = await refusal("already_member", () => bob.api.invite.claim({ invite: made.link }));
  assert.match(again.hint ?? "", /CLAUDEMESH_HOME=/);
  const carol = await ground.device("carol");
  await refusal("exhausted", () => carol.api.invite.claim({ invite: made.link }));
  const open = await alice.api.invite.create({ uses: 2 });
  await alice.api.invite.revoke({ invite: open.link });
  await refusal("revoked", () => carol.api.invite.claim({ invite: open.link }));
  await refusal("revoked", () => alice.api.invite.revoke({ invite: open.id }));
  const states = (await alice.api.invite.list({})).items.map(({ state }) => state);
  assert.deepEqual(states, ["used", "revoked"]);
  const seen = (await bob.api.invite.list({})).items[0];
  assert.equal(seen?.by, "alice");
  assert.equal(seen?.code, undefined);
});

test("who leaves loses what is here, and returns as a new member with new keys", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const last = await refusal("forbidden", () => alice.api.mesh.leave({ mesh: "team" }));
  assert.match(last.hint ?? "", /owner/);
  const before = (await bob.whoami()).meshes[0];
  await bob.api.mesh.leave({ mesh: "team" });
  assert.deepEqual((await bob.api.mesh.list({})).items, []);
  await refusal("no_recipient", () => alice.api.message.send({ to: "bob", text: "gone" }));
  const { link } = await alice.api.invite.create({});
  await bob.api.invite.claim({ invite: link });
  const after = (await bob.whoami()).meshes[0];
  assert.notEqual(after?.key, before?.key);
  assert.notEqual(after?.member, before?.member);
  assert.notEqual(after?.device, before?.device);
  await alice.api.message.send({ to: "bob", text: "welcome back" });
  assert.deepEqual(texts(await read(bob)), ["welcome back"]);
});

test("a join whose reply is lost is repeated with the same keys and gets the same answer", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  const { link } = await alice.api.invite.create({});
  let cut = true;
  const bob = await ground.device("bob", {
    connect: (url) => {
      const socket = new WebSocket(url);
      const send = socket.send.bind(socket);
      socket.send = (frame) => {
        send(frame);
        if (!cut || !String(frame).includes('"invite.claim"')) return;
        // The reply never arrives here, though the broker has appended the join.
        socket.addEventListener("message", (event) => event.stopImmediatePropagation(), {
          capture: true,
        });
        void ground.broker.store.read.meshes().then(() => socket.close());
      };
      return socket;
    },
  });
  await refusal("offline", () => bob.api.invite.claim({ invite: link }));
  cut = false;
  const joined = await bob.api.invite.claim({ invite: link });
  assert.equal(joined.members, 2);
  assert.equal((await alice.api.member.list({})).items.length, 2);
});

test("settings and profile show with nothing named, change what is named, and say what is refused", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  assert.equal((await bob.api.mesh.settings({})).policy.retentionDays, 365);
  await refusal("forbidden", () => bob.api.mesh.settings({ retentionDays: 1 }));
  const set = await alice.api.mesh.settings({ selfEditable: ["roleTag"], retentionDays: 30 });
  assert.equal(set.policy.retentionDays, 30);
  const refused = await refusal("forbidden", () =>
    bob.api.member.update({ displayName: "Eve", groups: ["x"] }),
  );
  assert.match(refused.message, /displayName, groups/);
  const changed = await bob.api.member.update({ roleTag: "reviewer" });
  assert.deepEqual([changed.version, changed.profile.displayName], [2, "bob"]);
  assert.equal((await alice.api.mesh.rename({ name: "New Name" })).name, "New Name");
  assert.equal((await bob.api.mesh.info({})).name, "New Name");
});

test("which mesh is meant: named, the last that a command was for, or an error that lists them", async () => {
  await using ground = await Ground.start();
  const alice = await ground.device("alice");
  await refusal("not_found", () => alice.api.mesh.info({}));
  const one = await alice.api.mesh.create({ name: "One" });
  const two = await alice.api.mesh.create({ name: "Two" });
  assert.equal((await alice.api.mesh.info({ mesh: one.id.slice(0, 13) })).id, one.id);
  assert.equal((await alice.api.mesh.info({})).id, two.id);
  await alice.api.invite.create({ mesh: "one" });
  assert.equal((await alice.api.mesh.info({})).id, one.id);
  assert.equal((await alice.api.mesh.info({ mesh: "two" })).id, two.id);
  const near = await refusal("not_found", () => alice.api.mesh.info({ mesh: "twoo" }));
  assert.match(near.hint ?? "", /did you mean --mesh two/);
});

test("a clock that is two minutes off is told with both times", async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice");
  assert.ok(alice);
  await alice.close();
  const late = await openDevice({
    home: ground.home("alice"),
    now: () => Date.now() - 120_000,
    random: systemRandom,
    defaultName: "alice",
  });
  const error = await refusal("clock_skew", () => late.api.mesh.info({}));
  assert.equal(error.message.match(/\d{4}-\d\d-\d\dT/g)?.length, 2);
  await late.close();
});
