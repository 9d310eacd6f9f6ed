import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import type { InviteId } from "@claudemesh/protocol";
import { type Client, type ClientEvent, createClient } from "@claudemesh/sdk";
import { found, join } from "../../packages/testkit/src/bare-member.ts";
import { newFolder, startBroker } from "../broker/support/broker.ts";

const folder = newFolder();
after(() => rmSync(folder, { recursive: true, force: true }));

/** Reads messages until `count` came, keeping what is known to be stored. */
async function messages(client: Client, count: number, onEvent: (event: ClientEvent) => void) {
  const ids: string[] = [];
  for await (const event of client.events()) {
    onEvent(event);
    if (event.kind === "message") ids.push(event.body.header.id);
    if (ids.length === count) break;
  }
  return ids;
}

test("anonymous calls reach the broker and its error comes back", async () => {
  await using broker = await startBroker();
  const { url } = broker;
  await using client = createClient({ url, now: Date.now, random: systemRandom });
  assert.equal(await client.ready(), undefined);
  const invite = "inv_00000000-0000-4000-8000-000000000000" as InviteId;
  await assert.rejects(client.invite.preview({ invite }), { code: "not_found" });
  await assert.rejects(client.mesh.info({}), { code: "unauthorized" });
});

test("a member reads its mesh, gets messages, and resumes after the broker restarted", async () => {
  const broker = await startBroker({}, {}, folder);
  const { port } = broker.broker;
  const alice = await found(broker.url, "Alice");
  const bob = await join(alice, "Bob");
  let cursor: string | undefined;
  await using feed = bob.connect("feed", () => cursor);
  await using sender = alice.connect("call");
  assert.equal((await feed.ready())?.mesh, bob.mesh);
  assert.equal((await feed.mesh.info({})).id, bob.mesh);

  const before = ["one", "two"].map((text) => alice.seal(bob, text));
  for (const envelope of before) await sender.message.send({ envelope });
  let seq = 0;
  const note = (event: ClientEvent) => {
    seq = Math.max(seq, event.seq);
  };
  assert.deepEqual(
    await messages(feed, 2, note),
    before.map(({ header }) => header.id),
  );
  ({ cursor } = await feed.acknowledge({ seq }));

  const states = feed.states()[Symbol.asyncIterator]();
  await broker[Symbol.asyncDispose]();
  await using again = await startBroker({ port }, {}, folder);
  assert.equal(again.broker.port, port);
  const after = ["three", "four"].map((text) => alice.seal(bob, text));
  for (const envelope of after) await sender.message.send({ envelope });
  assert.deepEqual(
    await messages(feed, 2, note),
    after.map(({ header }) => header.id),
  );
  for (let state = await states.next(); ; state = await states.next()) {
    assert.ok(!state.done);
    if (state.value.link !== "open") continue;
    if (state.value.welcome?.from === "cursor") break;
  }
});
