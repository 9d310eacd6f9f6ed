import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BareAgent } from "./support/bare-agent.ts";
import { Ground } from "./support/ground.ts";

test("a turn that its person interrupts leaves the session idle, without a word from any hook", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const transcript_path = join(ground.folder, "transcript.jsonl");
  const pipe = await agent.pipe();
  await agent.hook("SessionStart", { source: "startup", transcript_path });
  await agent.hook("UserPromptSubmit", { prompt: "go on", transcript_path });
  const id = await alice.send("bob", "when you are free");
  await alice.reaches(id, "held", "recipient_busy");
  const content = [{ type: "text", text: "[Request interrupted by user]" }];
  appendFileSync(transcript_path, `${JSON.stringify({ type: "user", message: { content } })}\n`);
  const pushed = await pipe.next();
  assert.ok(pushed.text.includes(id));
  await pipe.done(pushed.delivery, true);
  await alice.reaches(id, "offered");
  pipe.cut();
});
