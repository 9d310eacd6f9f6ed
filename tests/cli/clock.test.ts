import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../apps/cli/src/main.ts";
import { hostWith } from "../../apps/cli/src/testing/host.ts";
import { World } from "./world.ts";

const twoMinutes = 120_000;

test("a clock two minutes off: both times are shown, with the next step, in every verb", async () => {
  await using world = new World({ daemon: "off" });
  const { invite } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  const second = (await world.run("alice", "claudemesh invite -q")).stdout.trim();
  const run = async (person: string, ...argv: string[]) => {
    const { host, out, err } = hostWith({ home: world.home(person) });
    const exit = await main(argv, { ...host, now: () => Date.now() - twoMinutes });
    return { exit, out: out(), err: err().replaceAll("\n", " ") };
  };
  const times =
    /the clocks differ too much: the broker's says \d{4}-\S+Z, +this machine's \d{4}-\S+Z.*set this machine's clock/;
  for (const argv of [
    ["send", "alice", "hi"],
    ["member", "list"],
    ["invite", "list"],
  ]) {
    const { exit, err } = await run("bob", ...argv);
    assert.equal(exit, 2, err);
    assert.match(err, times);
  }
  const joined = await run("carol", "join", second, "--name", "carol");
  assert.equal(joined.exit, 0, joined.err);
  assert.match(joined.err, times);
  const inbox = await run("bob", "inbox");
  assert.equal(inbox.exit, 0);
  assert.match(inbox.err, times);
  assert.match(inbox.err, /this home cannot connect/);
});
