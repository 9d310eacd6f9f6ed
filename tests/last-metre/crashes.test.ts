import assert from "node:assert/strict";
import { test } from "node:test";
import { BareAgent } from "./support/bare-agent.ts";
import { Ground } from "./support/ground.ts";
import { steps } from "./support/steps.ts";

const again = /\[AGAIN\]/;

test("a daemon that is killed between a push and its word offers it again, marked so, and once only", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const first = await agent.pipe();
  const id = await alice.send("bob", "survive this");
  const lost = await first.next();
  assert.ok(lost.text.includes(id));
  assert.doesNotMatch(lost.text, again);
  await bob.killDaemon();
  await bob.startDaemon();
  const second = await agent.pipe();
  const got = await second.next();
  assert.ok(got.text.includes(id));
  assert.match(got.text, again);
  await second.done(got.delivery, true);
  await alice.reaches(id, "offered");
  const { text } = await agent.hook("UserPromptSubmit");
  assert.equal(text, "");
  assert.equal(second.waiting, 0);
  first.cut();
  second.cut();
});

test("a pipe that breaks off between a push and its word, and one that refuses, each leave the message to another way", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const broken = await agent.pipe();
  const id = await alice.send("bob", "one");
  await broken.next();
  broken.cut();
  const refusing = await agent.pipe();
  const doubtful = await refusing.next();
  assert.match(doubtful.text, again);
  await refusing.done(doubtful.delivery, true);
  await alice.reaches(id, "offered");
  const second = await alice.send("bob", "two");
  const refused = await refusing.next();
  assert.ok(refused.text.includes(second));
  await refusing.done(refused.delivery, false);
  await alice.reaches(second, "held", "recipient_busy");
  const { text, call } = await agent.hook("UserPromptSubmit");
  assert.ok(text.includes(second), text);
  // It never left the pipe: nothing is in doubt.
  assert.doesNotMatch(text, again);
  await agent.printed(call);
  const story = steps(await alice.reaches(second, "offered"));
  assert.match(story, /by way of hook/);
  assert.match(steps(await bob.why(second)), /did not take place/);
  refusing.cut();
});

test("a hook that was answered and never said so leaves its message in doubt; one that did is not shown again", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  await agent.hook("SessionStart", { source: "startup" });
  const id = await alice.send("bob", "by hook");
  await alice.reaches(id, "held", "recipient_busy");
  const lost = await agent.hook("UserPromptSubmit");
  assert.ok(lost.text.includes(id));
  await bob.killDaemon();
  await bob.startDaemon();
  const got = await agent.hook("PostToolBatch");
  assert.ok(got.text.includes(id), got.text);
  assert.match(got.text, again);
  await agent.printed(got.call);
  await alice.reaches(id, "offered");
  assert.equal((await agent.hook("PostToolBatch")).text, "");
});

test("a subagent, a compaction and a turn that a Stop hook prolonged are given nothing", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  await agent.hook("UserPromptSubmit");
  const id = await alice.send("bob", "for the session itself");
  await alice.reaches(id, "held", "recipient_busy");
  assert.equal((await agent.hook("PostToolBatch", { agent_id: "sub" })).text, "");
  assert.equal((await agent.hook("SessionStart", { source: "compact" })).text, "");
  assert.equal((await agent.hook("Stop", { stop_hook_active: true })).text, "");
  const { text, call } = await agent.hook("Stop");
  assert.equal(JSON.parse(text).hookSpecificOutput.hookEventName, "Stop");
  assert.ok(text.includes(id));
  await agent.printed(call);
  await alice.reaches(id, "offered");
});

test("of two pipes of one session the newer works, and the older takes over when it ends", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const older = await agent.pipe();
  const newer = await agent.pipe();
  await alice.send("bob", "to the newer");
  const first = await newer.next();
  assert.equal(older.waiting, 0);
  await newer.done(first.delivery, true);
  newer.cut();
  const id = await alice.send("bob", "to the older");
  const second = await older.next();
  assert.ok(second.text.includes(id));
  await older.done(second.delivery, true);
  await alice.reaches(id, "offered");
  older.cut();
});

test("priorities: low waits to be asked for, now goes to a session at work, and what waits comes in one piece", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const pipe = await agent.pipe();
  await agent.hook("UserPromptSubmit");
  const low = await alice.send("bob", "some day", { priority: "low" });
  const one = await alice.send("bob", "one");
  const two = await alice.send("bob", "two");
  await alice.reaches(two, "held", "recipient_busy");
  const now = await alice.send("bob", "fire", { priority: "now" });
  const urgent = await pipe.next();
  assert.ok(urgent.text.includes(now));
  assert.ok(!urgent.text.includes(one));
  await pipe.done(urgent.delivery, true);
  const batch = await agent.hook("PostToolBatch");
  assert.ok(batch.text.includes(one) && batch.text.includes(two));
  await agent.printed(batch.call);
  await alice.reaches(two, "offered");
  assert.equal((await alice.why(low)).state, "stored");
  const asking = await bob.device(agent.agentSession);
  const { items } = await asking.api.message.inbox({});
  assert.deepEqual(
    items.map(({ id }) => id),
    [low],
  );
  await asking.confirmHandOver();
  assert.match(steps(await alice.reaches(low, "offered")), /by way of pull/);
  await asking.close();
  pipe.cut();
});

test("a session that is not to be disturbed gets nothing but what is urgent, until that ends", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  await using agent = new BareAgent(bob);
  const pipe = await agent.pipe();
  const asking = await bob.device(agent.agentSession);
  await asking.api.status.set({ status: "dnd" });
  const id = await alice.send("bob", "later then");
  await alice.reaches(id, "held", "dnd");
  await asking.api.status.set({ status: "idle" });
  const got = await pipe.next();
  assert.ok(got.text.includes(id));
  await pipe.done(got.delivery, true);
  await alice.reaches(id, "offered");
  await asking.close();
  pipe.cut();
});
