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
  await refusal("malformed", () =>
    alice.api.mesh.create({ name: "Other", template: "none" as never }),
  );
});
