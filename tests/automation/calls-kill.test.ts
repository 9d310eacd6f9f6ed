import assert from "node:assert/strict";
import { test } from "node:test";
import { Ground } from "../last-metre/support/ground.ts";
import { eventually } from "./eventually.ts";

const count = 12;

test("a daemon that is killed while it does what is due does the rest when it is back, and nothing twice", async () => {
  await using ground = await Ground.with("alice", "bob");
  const [alice, bob] = [ground.person("alice"), ground.person("bob")];
  const { api } = await alice.device();
  const asked = Array.from({ length: count }, (_, n) => `due ${n}`);
  for (const text of asked) {
    const input = JSON.stringify({ to: "bob", text });
    await api.schedule.tool({ tool: "send_message", input, in: "1s" });
  }
  const heard: string[] = [];
  const hear = async () => {
    const device = await bob.device();
    const { items } = await device.api.message.inbox({});
    await device.confirmHandOver();
    heard.push(...items.map(({ text }) => text));
    return heard;
  };
  await eventually(async () => ((await hear()).length > 0 ? true : undefined), "the first");
  await alice.killDaemon();
  await alice.startDaemon();
  const { api: again } = await alice.device();
  const done = await eventually(async () => {
    const { calls } = await again.schedule.list({});
    return calls.every(({ last }) => last !== undefined) ? calls : undefined;
  }, "all of them done");
  assert.deepEqual(
    done.map(({ last, waiting }) => [last?.outcome, waiting]),
    asked.map(() => ["done", undefined]),
  );
  await eventually(
    async () => ((await hear()).length >= count ? true : undefined),
    "what was sent",
    () => heard,
  );
  await hear();
  assert.deepEqual(heard.toSorted(), asked.toSorted());
});
