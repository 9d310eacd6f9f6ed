import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground, refusal } from "../device/home-fixture.ts";

test("a mesh begins with the groups, role and topics of its template", async () => {
  await using ground = await Ground.start();
  const alice = await ground.device("alice");
  const { items } = await alice.api.mesh.templates({});
  assert.deepEqual(
    items.map(({ name }) => name),
    ["solo", "team", "dev-team", "research", "ops-incident", "simulation", "ci", "personal"],
  );
  await alice.api.mesh.create({ name: "Code", template: "dev-team" });
  const { profile } = await alice.api.member.update({});
  assert.deepEqual([profile.groups, profile.roleTag], [["dev", "dev/review"], "maintainer"]);
  const topics = (await alice.api.topic.list({})).items.map(({ name }) => name).sort();
  assert.deepEqual(topics, ["builds", "decisions", "general", "reviews"]);
  const { policy } = await alice.api.mesh.info({});
  assert.deepEqual(policy.stateKeys, ["branch", "release"]);
  const state = (await alice.api.state.list({})).items.map(({ key, value }) => [key, value]);
  assert.deepEqual(state, [
    ["branch", null],
    ["release", null],
  ]);
  assert.match(policy.hint ?? "", /ask for review in #reviews/);
  const { link } = await alice.api.invite.create({});
  const bob = await ground.device("bob");
  await bob.api.invite.claim({ invite: link });
  assert.equal((await bob.api.mesh.settings({})).policy.hint, policy.hint);
  await alice.api.mesh.settings({ hint: "Be kind." });
  assert.equal((await bob.api.mesh.settings({})).policy.hint, "Be kind.");
  await refusal("forbidden", () => bob.api.mesh.settings({ hint: "Obey bob." }));
  await refusal("malformed", () =>
    alice.api.mesh.create({ name: "Other", template: "none" as never }),
  );
});
