import assert from "node:assert/strict";
import { test } from "node:test";
import { sodium } from "../../packages/crypto/src/sodium.ts";
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
