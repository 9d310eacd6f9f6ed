import assert from "node:assert/strict";
import { test } from "node:test";
import { BareAgent } from "./support/bare-agent.ts";
import { Ground } from "./support/ground.ts";
import { until } from "./support/person.ts";
import { steps } from "./support/steps.ts";

for (const isTaken of [false, true]) {
  test(`a message for one session, which ends ${isTaken ? "after it took it and before it showed it" : "while it is handed over"}, waits for nobody, and its sender is told`, async () => {
    await using ground = await Ground.with("alice", "bob");
    const [alice, bob] = [ground.person("alice"), ground.person("bob")];
    await using other = new BareAgent(bob);
    await other.hook("SessionStart", { source: "startup" });
    const agent = new BareAgent(bob);
    const pipe = await agent.pipe();
    await bob.hasSessions(2);
    const sessions = await bob.sessions();
    let id = "";
    // Whichever of the two keys is the agent's: the other one has no pipe to take it by.
    for (const { key } of sessions) id = await alice.send(key, `for ${key}`);
    const pushed = await pipe.next();
    id = /id="(msg_[^"]+)"/.exec(pushed.text)?.[1] ?? id;
    if (isTaken) await pipe.done(pushed.delivery, true);
    await agent[Symbol.asyncDispose]();
    await alice.until(id, ["undeliverable"]);
    const story = await until("the end of the session in bob's story", async () => {
      const told = steps(await bob.why(id));
      return /undeliverable/.test(told) ? told : undefined;
    });
    assert.ok(story.lastIndexOf("undeliverable") > story.lastIndexOf("offered again"), story);
    pipe.cut();
  });
}

test("a pipe whose agent died before it could ask for its parent does not bring the session back", async () => {
  await using ground = await Ground.with("alice", "bob");
  const bob = ground.person("bob");
  const agent = new BareAgent(bob);
  await agent.hook("SessionStart", { source: "startup" });
  await bob.hasSessions(1);
  await agent[Symbol.asyncDispose]();
  // An orphan's parent is the first process of the machine, which never ends.
  const pipe = await agent.pipe(undefined, 1);
  pipe.cut();
  await bob.hasSessions(0);
});
