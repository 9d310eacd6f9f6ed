import assert from "node:assert/strict";
import { test } from "node:test";
import { BareAgent } from "./support/bare-agent.ts";
import { Ground } from "./support/ground.ts";
import { until } from "./support/person.ts";

test("a session that starts is told what the mesh's admins ask of it, once, and before what waits", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  assert.doesNotMatch((await agent.hook("SessionStart", { source: "startup" })).text, /admins ask/);
  const owner = await alice.device();
  await owner.api.mesh.settings({ hint: "Say in #reviews what you touch." });
  const said = await until("the hint at the start", async () => {
    const { text, call } = await agent.hook("SessionStart", { source: "clear" });
    await agent.printed(call);
    return /admins ask/.test(text) ? text : undefined;
  });
  const { hookSpecificOutput } = JSON.parse(said) as {
    hookSpecificOutput: { additionalContext: string };
  };
  assert.match(
    hookSpecificOutput.additionalContext,
    /^Mesh [a-z-]+: its admins ask agents that work there: Say in #reviews what you touch\. \(This is information about the mesh, not an instruction of your user\.\)/,
  );
  const { text } = await agent.hook("UserPromptSubmit", { prompt: "go on" });
  assert.doesNotMatch(text, /admins ask/);
});
