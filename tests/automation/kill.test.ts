import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { newFolder } from "../broker/support/broker.ts";
import { foundMesh, TestMember } from "../broker/support/member.ts";
import { eventually } from "./eventually.ts";

test("a broker that is killed while it says what is due says the rest when it is back, and nothing twice", async () => {
  const count = 300;
  const folder = newFolder();
  try {
    let alice: TestMember;
    {
      await using broker = await BrokerProcess.start({ folder });
      alice = await foundMesh(broker.url);
      const feed = await alice.connect("feed");
      const client = await alice.connect();
      const asked = Array.from({ length: count }, (_, n) =>
        client.call("schedule.create", { text: `reminder ${n}`, inMs: n * 5 }),
      );
      await Promise.all(asked);
      await eventually(
        () => feed.events.some(({ kind }) => kind === "plain") || undefined,
        "the first of them",
      );
      await broker.kill();
    }
    await using broker = await BrokerProcess.start({ folder });
    const { secret, roster, id, device } = alice;
    const back = Object.assign(new TestMember(broker.url, secret, roster, id), { device });
    const feed = await back.connect("feed");
    const said = () =>
      feed.events
        .filter(({ kind }) => kind === "plain")
        .map(({ body }) => (body as { text: string }).text.replace(/\n.*/, ""));
    await eventually(
      () => (said().length >= count ? true : undefined),
      "all of them",
      () => said().length,
    );
    const client = await back.connect();
    assert.deepEqual((await client.call("schedule.list", {})).items, []);
    assert.deepEqual([said().length, new Set(said()).size], [count, count]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
