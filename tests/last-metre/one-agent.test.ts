import assert from "node:assert/strict";
import { test } from "node:test";
import { Agent, bash, holdOpen, newIn, say } from "@claudemesh/testkit/agent";
import { Ground } from "./support/ground.ts";
import { kinds } from "./support/kinds.ts";
import { shownIn } from "./support/shown.ts";
import { steps } from "./support/steps.ts";

for (const { kind, skip } of kinds) {
  test(`${kind}: a message wakes an idle session, and its sender sees it offered, in context, answered`, {
    skip,
  }, async () => {
    await using ground = await Ground.with("alice", "bob");
    const [alice, bob] = [ground.person("alice"), ground.person("bob")];
    await using agent = await Agent.start(kind, {
      plugins: [bob.plugin()],
      turns: [say("seen it")],
    });
    await bob.hasSessions(1);
    const id = await alice.send("bob", "is the build green?", { intent: "request" });
    await agent.finished();
    const [request] = agent.model.requests.items;
    assert.ok(request);
    const seen = newIn(request)
      .map(({ text }) => text)
      .join("\n");
    assert.match(seen, /is the build green\?/);
    assert.ok(seen.includes(`id="${id}"`), seen);
    const inContext = await alice.reaches(id, "in_context");
    assert.match(steps(inContext), /handed over to the recipient \(by way of inbox_socket\)/);
    const session = await bob.device(agent.session);
    await session.api.message.send({ to: "alice", text: "yes", replyTo: id });
    const answered = await alice.reaches(id, "answered");
    assert.match(steps(answered), /inbox_socket.*\n.*transcript\n(.*\n)*answered by the recipient/);
    assert.match(steps(await bob.why(id)), /seen in the transcript of agent session/);
    assert.equal(shownIn(agent, id), 1);
    await session.close();
  });

  test(`${kind}: what arrives while a tool runs waits for its end and comes beside its result`, {
    skip,
  }, async () => {
    await using ground = await Ground.with("alice", "bob");
    const [alice, bob] = [ground.person("alice"), ground.person("bob")];
    await using agent = await Agent.start(kind, {
      plugins: [bob.plugin()],
      prompt: "work",
      turns: [holdOpen("tool"), bash("true"), say("done")],
    });
    await agent.stage.windows.opened("tool");
    const id = await alice.send("bob", "mind the gap");
    await alice.reaches(id, "held", "recipient_busy");
    agent.stage.windows.close("tool");
    await agent.finished();
    const request = agent.model.requests.items[1];
    assert.ok(request);
    assert.ok(JSON.stringify(newIn(request)).includes(id));
    const inContext = await alice.reaches(id, "in_context");
    assert.match(steps(inContext), /held .*recipient_busy.*\n(.*\n)*.*by way of hook/);
    assert.equal(shownIn(agent, id), 1);
  });

  test(`${kind}: without hooks the inbox socket alone serves a session at work and an idle one`, {
    skip,
  }, async () => {
    await using ground = await Ground.with("alice", "bob");
    const [alice, bob] = [ground.person("alice"), ground.person("bob")];
    await using agent = await Agent.start(kind, {
      plugins: [bob.plugin({ hooks: false })],
      prompt: "work",
      turns: [holdOpen("tool"), say("first"), say("second")],
    });
    await agent.stage.windows.opened("tool");
    const first = await alice.send("bob", "while you work");
    await alice.reaches(first, "offered");
    agent.stage.windows.close("tool");
    await alice.reaches(first, "in_context");
    await agent.hook("Stop");
    const second = await alice.send("bob", "while you rest");
    await agent.finished();
    assert.match(steps(await alice.reaches(second, "in_context")), /by way of inbox_socket/);
    assert.equal(shownIn(agent, first), 1);
    assert.equal(shownIn(agent, second), 1);
  });

  test(`${kind}: a session that takes messages on its inbox socket and drops them gets them by hook, with the word "again"`, {
    skip,
  }, async () => {
    await using ground = await Ground.with("alice", "bob");
    const [alice, bob] = [ground.person("alice"), ground.person("bob")];
    await using agent = await Agent.start(kind, {
      plugins: [bob.plugin()],
      settings: { crossSessionInbound: "refuse" },
      turns: [say("nothing"), say("still nothing"), say("seen it"), say("and the next")],
    });
    await bob.hasSessions(1);
    const id = await alice.send("bob", "by hook, please");
    await alice.until(id, ["offered", "held"]);
    // It could still wait behind these prompts, and no longer behind a third.
    await agent.process.say("anything new?");
    await agent.hook("Stop");
    await agent.process.say("and now?");
    await agent.hook("Stop", 2);
    await agent.process.say("and at last?");
    await agent.hook("Stop", 3);
    const story = steps(await alice.reaches(id, "in_context"));
    assert.match(story, /by way of hook/);
    assert.equal(shownIn(agent, id), 1);
    const request = JSON.stringify(agent.model.requests.items.at(-1)?.body.messages);
    // An agent that names no socket at all is never pushed to.
    assert.equal(request.includes("[AGAIN]"), story.includes("inbox_socket"), story);
    const next = await alice.send("bob", "and this one");
    await alice.reaches(next, "held", "recipient_busy");
    await agent.process.say("go on");
    await agent.finished();
    await alice.reaches(next, "in_context");
    assert.equal(shownIn(agent, next), 1);
  });
}
