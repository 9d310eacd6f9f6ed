import assert from "node:assert/strict";
import { join } from "node:path";
import { systemRandom } from "@claudemesh/crypto";
import { openDevice } from "@claudemesh/device";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { SmallDisk } from "../store/small-disk.ts";

/** A broker whose disk is full while people send: nobody loses anything, and everything arrives when there is space. */
const [root = "", other = ""] = process.argv.slice(2);
const disk = new SmallDisk(root);
const rounds = 3;
const perRound = 20;

await using broker = await BrokerProcess.start({ folder: join(root, "data") });
const open = (name: string) =>
  openDevice({
    home: join(other, name),
    now: Date.now,
    random: systemRandom,
    defaultName: name,
    defaultBroker: broker.url,
  });
const alice = await open("alice");
const bob = await open("bob");
await alice.api.mesh.create({ name: "Team" });
const { link } = await alice.api.invite.create({});
await bob.api.invite.claim({ invite: String(link) });
await alice.api.member.list({});

const states = new Map<string, number>();
const sent: string[] = [];
const shown: string[] = [];

/** Shows what waits; what the broker cannot do now is told beside it. */
async function read(wait?: string): Promise<number> {
  const { items } = await bob.api.message.inbox({ limit: 100, ...(wait ? { wait } : {}) });
  shown.push(...items.map(({ text }) => text));
  await bob.confirmHandOver();
  return items.length;
}

for (let round = 0; round < rounds; round++) {
  disk.leave(round * 60);
  for (let i = 0; i < perRound; i++) {
    const text = `${round}.${i} ${"x".repeat(2_000)}`;
    const { state } = await alice.api.message.send({ to: "bob", text });
    states.set(state, (states.get(state) ?? 0) + 1);
    sent.push(text);
  }
  await read();
  disk.free();
  while (shown.length < sent.length) {
    await alice.drain();
    await alice.api.message.send({ to: "bob", text: `again ${round} ${shown.length}` });
    sent.push(`again ${round} ${shown.length}`);
    assert.ok((await read("60s")) > 0, "nothing comes");
  }
}
assert.deepEqual(shown, sent);
assert.ok((states.get("queued") ?? 0) > 0 && (states.get("accepted") ?? 0) > 0);
assert.deepEqual([...states.keys()].sort(), ["accepted", "queued"]);
await alice.close();
await bob.close();
await broker.stop();
const told = [...states].map(([state, count]) => `${count} ${state}`).join(", ");
process.stdout.write(
  `${sent.length} sent over ${rounds} full disks (at once ${told}), all shown once in order`,
);
process.exit(0);
