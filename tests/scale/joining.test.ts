import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { sodium } from "../../packages/crypto/src/sodium.ts";
import { eventually } from "../automation/eventually.ts";
import { Ground } from "../device/home-fixture.ts";

/** signatures that a join checks besides: its own entry's, the hello's, profiles, the invite's proofs, here and at the broker */
const besides = 30;
/** of a hello that is answered, where nothing else is asked */
const hello = 1;

test("who joins verifies each entry of the chain once, and news alone from then on", async (t) => {
  await using ground = await Ground.start();
  const alice = await ground.device("alice");
  await alice.api.mesh.create({ name: "Team" });
  for (let n = 0; n < 60; n += 1) await alice.api.invite.create({});
  const { link } = await alice.api.invite.create({});
  const bob = await ground.device("bob");
  const { mock } = t.mock.method(sodium, "crypto_sign_verify_detached");
  await bob.api.invite.claim({ invite: link });
  await bob.api.member.list({});
  const joining = mock.callCount();
  assert.ok(joining > 60 && joining < 60 + besides, `${joining} signatures were checked`);
  mock.resetCalls();
  await alice.api.invite.create({});
  await bob.api.member.list({});
  const news = mock.callCount();
  assert.ok(news < besides, `${news} signatures were checked for one entry more`);
  mock.resetCalls();
  await bob.api.member.list({});
  const same = mock.callCount();
  assert.ok(same <= hello, `${same} signatures were checked where nothing is new`);
});

test("what an open invite says of the roster follows it", async () => {
  await using ground = await Ground.start();
  const alice = await ground.device("alice");
  await alice.api.mesh.create({ name: "Team" });
  const { id } = await alice.api.invite.create({});
  await alice.close();
  const headNow = () => {
    const db = new DatabaseSync(join(ground.folder, "broker", "broker.db"), { readOnly: true });
    try {
      return db.prepare("SELECT head FROM invite WHERE id = ?").get(id)?.head;
    } finally {
      db.close();
    }
  };
  const first = headNow();
  assert.equal(typeof first, "string");
  // As if five hundred had joined since.
  const home = new DatabaseSync(join(ground.home("alice"), "home.db"));
  home.exec("UPDATE invite_made SET head = head - 500");
  home.close();
  const again = await ground.device("alice");
  const online = again.keepOnline();
  const renewed = await eventually(() => {
    const head = headNow();
    return head === first ? undefined : head;
  }, "the invite's head is renewed");
  assert.equal(typeof renewed, "string");
  await online.stop();
});
