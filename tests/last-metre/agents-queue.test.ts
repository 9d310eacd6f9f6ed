import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BareAgent } from "./support/bare-agent.ts";
import { Ground } from "./support/ground.ts";

const lineOf = (content: string) => `${JSON.stringify({ type: "user", content })}\n`;

test("what a pipe posted before it broke off waits in the agent's queue: nothing overtakes it", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  await using other = new BareAgent(bob);
  const transcript_path = join(ground.folder, "transcript.jsonl");
  const hook = async (name: string, more: object = {}) =>
    (await agent.hook(name, { transcript_path, ...more })).text;
  await hook("SessionStart", { source: "startup" });
  const pipe = await agent.pipe();
  const id = await alice.send("bob", "posted, and no word of it");
  const posted = await pipe.next();
  pipe.cut();
  await alice.reaches(id, "held", "recipient_busy");
  // Neither the hooks of this session nor those of another, nor asking for it, show it before the queue does.
  assert.equal(await hook("UserPromptSubmit", { prompt: "go on" }), "");
  assert.equal(await hook("PostToolBatch"), "");
  assert.equal((await other.hook("UserPromptSubmit", { prompt: "and here" })).text, "");
  for (const { agentSession } of [agent, other]) {
    const asking = await bob.device(agentSession);
    assert.deepEqual((await asking.api.message.inbox({})).items, []);
    await asking.close();
  }
  assert.equal(await hook("Stop", { stop_hook_active: false }), "");
  assert.equal(await hook("UserPromptSubmit", { prompt: posted.text }), "");
  appendFileSync(transcript_path, lineOf(posted.text));
  assert.equal(await hook("Stop", { stop_hook_active: false }), "");
  await alice.reaches(id, "in_context");
});

test("what was lost on the way to the agent's queue is offered by hook once turns have passed without it", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const transcript_path = join(ground.folder, "transcript.jsonl");
  const hook = (name: string, more: object = {}) => agent.hook(name, { transcript_path, ...more });
  await hook("SessionStart", { source: "startup" });
  const pipe = await agent.pipe();
  const id = await alice.send("bob", "posted nowhere");
  await pipe.next();
  pipe.cut();
  await alice.reaches(id, "held", "recipient_busy");
  for (const prompt of ["first", "second"]) {
    assert.equal((await hook("UserPromptSubmit", { prompt })).text, "");
    assert.equal((await hook("Stop", { stop_hook_active: false })).text, "");
  }
  const { text, call } = await hook("UserPromptSubmit", { prompt: "third" });
  assert.match(text, /\[AGAIN\]/);
  await agent.printed(call);
  await alice.reaches(id, "offered");
});
