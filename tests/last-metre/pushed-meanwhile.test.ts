import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BareAgent } from "./support/bare-agent.ts";
import { Ground } from "./support/ground.ts";
import { steps } from "./support/steps.ts";

const lineOf = (content: string) => `${JSON.stringify({ type: "user", content })}\n`;

test("what was pushed in the moment in which a person began a turn waits in the agent's queue, and is not offered again", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const transcript_path = join(ground.folder, "transcript.jsonl");
  const hook = async (name: string, more: object = {}) =>
    (await agent.hook(name, { transcript_path, ...more })).text;
  await hook("SessionStart", { source: "startup" });
  const pipe = await agent.pipe();
  const id = await alice.send("bob", "in the same moment");
  const pushed = await pipe.next();
  await pipe.done(pushed.delivery, true);
  // The person's prompt came first; no tool is used, and another plugin's Stop hooks prolong the turn.
  assert.equal(await hook("UserPromptSubmit", { prompt: "go on" }), "");
  assert.equal(await hook("Stop", { stop_hook_active: false }), "");
  assert.equal(await hook("Stop", { stop_hook_active: true }), "");
  assert.equal(await hook("Stop", { stop_hook_active: true }), "");
  assert.equal(await hook("UserPromptSubmit", { prompt: pushed.text }), "");
  appendFileSync(transcript_path, lineOf(pushed.text));
  assert.equal(await hook("Stop", { stop_hook_active: false }), "");
  assert.doesNotMatch(steps(await alice.reaches(id, "in_context")), /again/);
  assert.doesNotMatch(steps(await bob.why(id)), /again/);
  pipe.cut();
});

test("what stands in the transcript before the push is known to be through is found there all the same", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const transcript_path = join(ground.folder, "transcript.jsonl");
  await agent.hook("SessionStart", { source: "startup", transcript_path });
  const pipe = await agent.pipe();
  await alice.send("bob", "one that is not shown yet");
  await pipe.done((await pipe.next()).delivery, true);
  const id = await alice.send("bob", "shown at once");
  const pushed = await pipe.next();
  appendFileSync(transcript_path, lineOf(pushed.text));
  // Whatever the daemon reads now it reads while this push is not known to be through.
  await agent.hook("Notification", { transcript_path });
  await pipe.done(pushed.delivery, true);
  await agent.hook("Notification", { transcript_path });
  await alice.reaches(id, "in_context");
  pipe.cut();
});

test("a push into a turn of which the daemon did not hear comes after what was typed before it, and is not offered again", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const transcript_path = join(ground.folder, "transcript.jsonl");
  const hook = async (name: string, more: object = {}) =>
    (await agent.hook(name, { transcript_path, ...more })).text;
  await hook("SessionStart", { source: "startup" });
  const pipe = await agent.pipe();
  // A turn runs whose beginning nobody could tell the daemon, and its person has typed already what comes next.
  const id = await alice.send("bob", "into the turn that runs");
  const pushed = await pipe.next();
  await pipe.done(pushed.delivery, true);
  assert.equal(await hook("Stop", { stop_hook_active: false }), "");
  assert.equal(await hook("UserPromptSubmit", { prompt: "typed meanwhile" }), "");
  assert.equal(await hook("Stop", { stop_hook_active: false }), "");
  assert.equal(await hook("UserPromptSubmit", { prompt: pushed.text }), "");
  appendFileSync(transcript_path, lineOf(pushed.text));
  assert.equal(await hook("Stop", { stop_hook_active: false }), "");
  assert.doesNotMatch(steps(await alice.reaches(id, "in_context")), /again/);
  pipe.cut();
});
