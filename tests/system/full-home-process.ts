import assert from "node:assert/strict";
import { join } from "node:path";
import { createBroker, createLogger, loadConfig } from "@claudemesh/broker";
import { systemRandom } from "@claudemesh/crypto";
import { type Device, openDevice } from "@claudemesh/device";
import { MeshError } from "@claudemesh/protocol";
import { highestLevel, levelsUpTo, SmallDisk } from "../store/small-disk.ts";

/** Runs the course of a home with every number of free pages that does not let it through: what is refused passes with the space, and each message arrives once. */
const [root = "", other = "", role = "sender", levels = "0"] = process.argv.slice(2);
const disk = new SmallDisk(root);
const texts = Array.from({ length: 6 }, (_, i) => `${i} ${"x".repeat(3_000)}`);
const plenty = { perSecond: 100_000, burst: 100_000 };
const config = loadConfig({
  overrides: {
    ...{ dataDir: join(other, "data"), port: 0, logLevel: "silent", connectionsPerMember: 1000 },
    ...{ rateJoin: plenty, rateMessage: plenty, rateRead: plenty, rateReceipt: plenty },
    ...{ rateWrite: plenty, anonymousPerAddress: 1000 },
  },
});
const log = createLogger({ level: "silent", now: Date.now, write: () => {} });
await using broker = await createBroker(config, { log });
await broker.start();

const open = (home: string, name: string): Promise<Device> =>
  openDevice({
    home,
    now: Date.now,
    random: systemRandom,
    defaultName: name,
    defaultBroker: broker.url,
  });

let refused = 0;

/** What a step answers, after there is space again where it says that there is none. */
async function insist<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof MeshError && error.code === "disk_full")) throw error;
    refused += 1;
    disk.free();
    return await step();
  }
}

/** Shows what waits until `count` messages were shown. Answers their texts, without those shown again. */
async function readAll(device: Device, count: number): Promise<string[]> {
  const shown: string[] = [];
  while (shown.length < count) {
    const { items, notices } = await insist(() =>
      device.api.message.inbox({ limit: 2, wait: "60s" }),
    );
    const codes = notices.map(({ code }) => code);
    const isFull = codes.includes("disk_full");
    assert.ok(isFull || items.length > 0, `nothing comes after ${shown.length}`);
    assert.deepEqual(
      codes.filter((code) => code !== "disk_full"),
      [],
    );
    if (isFull) {
      refused += 1;
      disk.free();
    }
    for (const { text, again } of items) if (!again || !shown.includes(text)) shown.push(text);
    await insist(() => device.confirmHandOver());
  }
  return shown;
}

let runs = 0;
/** One course with so many pages free at first; answers how often the disk was full. */
async function run(pages: number): Promise<number> {
  refused = 0;
  const small = disk.emptyFolder("home");
  const large = join(other, `home-${runs++}`);
  disk.leave(pages);
  const [alice, bob] = role === "sender" ? [small, large] : [large, small];
  const sender = await insist(() => open(alice, "alice"));
  await insist(() => sender.api.mesh.create({ name: "Team" }));
  const { link } = await insist(() => sender.api.invite.create({}));
  const reader = await insist(() => open(bob, "bob"));
  await insist(() => reader.api.invite.claim({ invite: String(link) }));
  await insist(() => sender.api.member.list({}));
  for (const text of texts) {
    const sent = await insist(() => sender.api.message.send({ to: "bob", text }));
    if (sent.state === "queued") {
      // It is stored, and what comes after that has no space.
      assert.match(sent.reason ?? "", /no space left/);
      refused += 1;
      disk.free();
    } else {
      assert.equal(sent.state, "accepted");
    }
  }
  await insist(() => sender.drain());
  assert.deepEqual(await readAll(reader, texts.length), texts);
  for (const device of [reader, sender]) {
    await device.close().catch((error) => {
      assert.equal(error.code, "disk_full");
      refused += 1;
      disk.free();
    });
  }
  disk.free();
  await using again = await open(alice, "alice");
  await again.drain();
  await using reopened = await open(bob, "bob");
  await reopened.drain();
  const { items } = await reopened.api.message.inbox({ limit: 10 });
  assert.ok(
    items.every((item) => item.again),
    "something was shown as new twice",
  );
  return refused;
}

const most = await highestLevel(disk, async (pages) => (await run(pages)) > 0);
const tried = levelsUpTo(most, Number(levels));
let refusing = 0;
for (const pages of tried) {
  try {
    if ((await run(pages)) > 0) refusing += 1;
  } catch (cause) {
    throw new Error(`with ${pages} pages`, { cause });
  }
}
assert.ok(refusing > tried.length / 2);
process.stdout.write(`${role}: ${tried.length} of ${most} levels: ${refusing} refused and went on`);
await broker.stop();
process.exit(0);
