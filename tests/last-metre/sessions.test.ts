import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, holdOpen, say } from "@claudemesh/testkit/agent";
import { Ground } from "./support/ground.ts";
import { shownIn, untilShown } from "./support/shown.ts";
import { steps } from "./support/steps.ts";

test("of two sessions of one person exactly one gets each message, and the thread stays with it", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const plugins = [bob.plugin()];
  const turns = [say("a"), say("b"), say("c"), say("d")];
  await using one = await Agent.start("fake", { plugins, turns });
  await using two = await Agent.start("fake", { plugins, turns });
  await bob.hasSessions(2);
  const first = await alice.send("bob", "who of you?");
  await alice.reaches(first, "in_context");
  await Promise.race([untilShown(one, first), untilShown(two, first)]);
  assert.equal(shownIn(one, first) + shownIn(two, first), 1);
  const [answerer, other] = shownIn(one, first) === 1 ? [one, two] : [two, one];
  await answerer.hook("Stop");
  const device = await bob.device(answerer.session);
  const { id: reply } = await device.api.message.send({
    to: "alice",
    text: "me",
    replyTo: first,
  });
  await alice.reaches(first, "answered");
  // The other one spoke last with its person, and is idle too: the thread counts.
  await other.process.say("good morning");
  await other.hook("Stop");
  const second = await alice.send("bob", "then do it", { replyTo: reply });
  await alice.reaches(second, "in_context");
  await untilShown(answerer, second);
  assert.equal(shownIn(answerer, second), 1);
  assert.equal(shownIn(other, second), 0);
  await device.close();
});

test("a message to a session's key reaches that session alone, though another is idle", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const plugins = [bob.plugin()];
  const busy = { plugins, prompt: "work", turns: [holdOpen("tool"), say("done")] };
  await using one = await Agent.start("fake", busy);
  await one.stage.windows.opened("tool");
  await bob.hasSessions(1, "working");
  const [before] = await bob.sessions();
  await using two = await Agent.start("fake", { plugins, turns: [say("mine")] });
  await bob.hasSessions(1, "idle");
  assert.ok(before);
  const id = await alice.send(before.key, "for you alone");
  await alice.reaches(id, "held", "recipient_busy");
  one.stage.windows.close("tool");
  await alice.reaches(id, "in_context");
  await untilShown(one, id);
  assert.equal(shownIn(one, id), 1);
  assert.equal(shownIn(two, id), 0);
});

test("what comes while no session runs is held, and the next one that starts gets it", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const plugins = [bob.plugin()];
  {
    await using gone = await Agent.start("fake", { plugins, prompt: "hi", turns: [say("bye")] });
    await gone.finished();
    await gone.leave();
  }
  await bob.hasSessions(0);
  const id = await alice.send("bob", "for whoever comes");
  await alice.reaches(id, "held", "no_session");
  await using next = await Agent.start("fake", { plugins, turns: [say("here"), say("more")] });
  const story = steps(await alice.reaches(id, "offered"));
  assert.match(story, /held .*no_session/);
  await next.process.say("hello");
  await alice.reaches(id, "in_context");
  await untilShown(next, id);
  assert.equal(shownIn(next, id), 1);
});

test("a session that is killed before it showed a message leaves it to the next one, with the word again", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const plugins = [bob.plugin({ hooks: false })];
  const busy = { plugins, prompt: "work", turns: [holdOpen("tool"), say("never")] };
  await using first = await Agent.start("fake", busy);
  await first.stage.windows.opened("tool");
  const id = await alice.send("bob", "do not lose me");
  await alice.reaches(id, "offered");
  await first.kill("SIGKILL");
  first.stage.windows.close("tool");
  await using second = await Agent.start("fake", { plugins, turns: [say("got it")] });
  await alice.reaches(id, "in_context");
  await untilShown(second, id);
  assert.equal(shownIn(first, id), 0);
  assert.equal(shownIn(second, id), 1);
  const request = JSON.stringify(second.model.requests.items.at(-1)?.body.messages);
  assert.match(request, /\[AGAIN\]/);
  assert.match(steps(await bob.why(id)), /the session ended before .*offered again/);
});
