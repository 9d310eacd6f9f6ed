import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { BareAgent } from "../last-metre/support/bare-agent.ts";
import { Ground } from "../last-metre/support/ground.ts";

/** Looks until it fits, and answers what it saw. */
async function eventually<T>(what: string, look: () => Promise<T>, fits: (seen: T) => boolean) {
  const end = Date.now() + 60_000;
  for (;;) {
    const seen = await look();
    if (fits(seen)) return seen;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a ban ends the running agents of a daemon at every peer, and nothing is pushed to them any more", async (t) => {
  await using ground = await Ground.with("alice", "bob", "carol");
  const [alice, bob, carol] = ground.people;
  assert.ok(alice && bob && carol);
  await using first = new BareAgent(bob);
  await using second = new BareAgent(bob);
  const pipes = [];
  for (const agent of [first, second]) {
    await agent.hook("SessionStart", { source: "startup" });
    pipes.push(await agent.pipe());
  }
  await bob.hasSessions(2);
  const peers = async (person: typeof alice) =>
    (await (await person.device()).api.peer.list({})).items.filter(({ name }) => name === "bob");
  for (const one of [alice, carol]) {
    await eventually(
      "bob's sessions",
      () => peers(one),
      (all) => all.length === 2,
    );
  }
  const [session] = await peers(alice);
  assert.ok(session);
  const before = await alice.send("bob", "while you are here");
  const pushed = await Promise.race(pipes.map((pipe) => pipe.next()));
  assert.match(pushed.text, /while you are here/);
  await alice.reaches(before, "stored");

  const began = performance.now();
  await (await alice.device()).api.member.ban({ member: "bob" });
  for (const one of [alice, carol]) {
    await eventually(
      "nobody of bob's",
      () => peers(one),
      (all) => all.length === 0,
    );
  }
  const ended = performance.now();
  const home = await bob.device();
  const refused = await home.api.message.send({ to: "alice", text: "am I out" }).then(
    ({ reason }) => reason ?? "sent",
    (error: unknown) => (error instanceof MeshError ? error.code : String(error)),
  );
  assert.notEqual(refused, "sent");
  t.diagnostic(`gone at every peer after ${Math.round(ended - began)} ms; bob is told: ${refused}`);

  const waiting = pipes.map((pipe) => pipe.waiting);
  for (const to of ["bob", session.key]) {
    await assert.rejects(alice.send(to, "and now"), (error: unknown) => {
      assert.ok(error instanceof MeshError);
      assert.equal(error.code, "no_recipient");
      return true;
    });
  }
  // What goes to everyone is for those who are left: carol has it, so bob would have it by now.
  await alice.send("*", "without bob");
  const device = await carol.device();
  await eventually(
    "carol has it",
    () => device.api.message.inbox({}),
    ({ items }) => items.some(({ text }) => text === "without bob"),
  );
  assert.deepEqual(
    pipes.map((pipe) => pipe.waiting),
    waiting,
  );
});
