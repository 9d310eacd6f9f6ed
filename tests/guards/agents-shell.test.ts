import assert from "node:assert/strict";
import { test } from "node:test";
import { World } from "../cli/world.ts";

test("in an agent's shell no verb lifts what guards agents, also without a daemon", async () => {
  await using world = new World({ daemon: "off" });
  await world.startBroker("alice");
  const asAgent = "CLAUDECODE=1 CLAUDE_CODE_SESSION_ID=s1 claudemesh";
  const refused = await world.run("alice", `${asAgent} guard set alice hold --no-daemon`);
  assert.match(refused.stderr, /only a person may/);
  assert.notEqual(refused.exit, 0);
  const shown = await world.run("alice", `${asAgent} guard status --no-daemon`);
  assert.equal(shown.exit, 0, shown.stderr);
});
