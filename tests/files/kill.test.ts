import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { systemRandom } from "@claudemesh/crypto";
import { type LocalDevice, openDevice } from "@claudemesh/device";
import { FolderBlobs } from "../../apps/broker/src/blob/folder.ts";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { Ground } from "../device/home-fixture.ts";

const size = 60_000_000;
const program = join(import.meta.dirname, "file-process.ts");

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** The whole parts that a broker has. */
const partsIn = (blobs: string) =>
  existsSync(blobs)
    ? readdirSync(blobs, { recursive: true }).filter((name) =>
        /^\d{6}$/.test(basename(String(name))),
      )
    : [];

/** Looks again in every turn of the event loop, since what is waited for happens on a disk. */
async function until(holds: () => boolean, isOver: () => boolean): Promise<void> {
  while (!holds() && !isOver()) await new Promise(setImmediate);
}

async function killed(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null) return false;
  child.kill("SIGKILL");
  await once(child, "exit");
  return true;
}

test("an upload and a download that are killed go on where they were, or were never there", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  await alice.drain();
  const path = join(ground.folder, "large.bin");
  const content = randomBytes(size);
  writeFileSync(path, content);
  await alice.close();

  const blobs = join(ground.folder, "broker", "blobs");
  const parts = () => partsIn(blobs);
  const first = start(ground.home("alice"), "share", path, "bob");
  await until(
    () => parts().length > 1,
    () => first.exitCode !== null,
  );
  const wasKilled = await killed(first);
  assert.equal((await bob.api.file.list({})).items.length, wasKilled ? 0 : 1);
  const before = parts();
  const times = before.map((name) => statSync(join(blobs, String(name))).mtimeMs);

  await ground.stopBroker();
  await ground.startBroker();
  const again = await ground.device("alice");
  const sent = await again.api.file.share({ path, to: ["bob"] });
  assert.equal(sent.state, "shared");
  if (wasKilled) {
    // What was whole at the broker was not sent a second time.
    const now = before.map((name) => statSync(join(blobs, String(name))).mtimeMs);
    assert.deepEqual(now, times);
    assert.equal((await bob.api.file.list({})).items.length, 1);
  }

  const out = join(ground.folder, "got");
  mkdirSync(out);
  await bob.close();
  const fetching = start(ground.home("bob"), "get", sent.id, out);
  const partly = () => readdirSync(out).filter((name) => name.endsWith(".part"));
  const far = () => partly().some((name) => statSync(join(out, name)).size > 10_000_000);
  await until(far, () => fetching.exitCode !== null);
  const wasCut = await killed(fetching);
  if (wasCut) assert.ok(readdirSync(out).every((name) => name.endsWith(".part")));
  const back = await ground.device("bob");
  const got = await back.api.file.get({ id: sent.id, out, overwrite: !wasCut });
  assert.ok(readFileSync(got.path).equals(content));
  assert.deepEqual(readdirSync(out), ["large.bin"]);
});

test("an upload and a download whose broker is killed go on where they were, with no more sent twice than was under way", async () => {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-killed-"));
  const data = join(folder, "broker");
  let broker = await BrokerProcess.start({ folder: data });
  const { port, url } = broker;
  const device = (name: string) =>
    openDevice({
      home: join(folder, name),
      now: Date.now,
      random: systemRandom,
      defaultName: name,
      defaultBroker: url,
    });
  await using alice = await device("alice");
  await using bob = await device("bob");
  try {
    await alice.api.mesh.create({ name: "Team" });
    await bob.api.invite.claim({ invite: (await alice.api.invite.create({})).link });
    const path = join(folder, "large.bin");
    const content = randomBytes(size);
    writeFileSync(path, content);
    const blobs = join(data, "blobs");

    /** Kills the broker as soon as that holds, starts it again, and lets the work end as it does. */
    const cutWhile = async <T>(work: Promise<T>, holds: () => boolean, look: () => void) => {
      let isOver = false;
      const ended = work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      void ended.then(() => {
        isOver = true;
      });
      await until(holds, () => isOver);
      await broker.kill();
      look();
      broker = await BrokerProcess.start({ folder: data, port });
      return await ended;
    };

    const times = new Map<string, number>();
    const share = () => alice.api.file.share({ path, to: ["bob"] });
    await cutWhile(
      share(),
      () => partsIn(blobs).length > 3,
      () => {
        for (const name of partsIn(blobs).map(String)) {
          times.set(name, statSync(join(blobs, name)).mtimeMs);
        }
      },
    );
    // What was cut goes on by itself or when it is asked for again; once shared, asking again shares it anew.
    const [already] = (await bob.api.file.list({})).items;
    const id = already?.id ?? (await share()).id;
    assert.deepEqual(
      (await bob.api.file.list({})).items.map((one) => one.id),
      [id],
    );
    assert.ok(times.size > 3);
    // Two are under way at a time: of these alone the answer can have been lost.
    const again = [...times].filter(([name, at]) => statSync(join(blobs, name)).mtimeMs !== at);
    assert.ok(again.length <= 2, again.join(", "));

    const out = join(folder, "got");
    mkdirSync(out);
    const far = () =>
      readdirSync(out).some(
        (name) => name.endsWith(".part") && statSync(join(out, name)).size > 10_000_000,
      );
    const get = () => bob.api.file.get({ id, out });
    const first = await cutWhile(get(), far, () => {
      for (const name of readdirSync(out)) {
        const isWhole = statSync(join(out, name)).size === size;
        assert.ok(name.endsWith(".part") || isWhole, name);
      }
    });
    const got = "value" in first ? first.value : await get();
    assert.ok(readFileSync(got.path).equals(content));
    assert.deepEqual(readdirSync(out), ["large.bin"]);

    // What the kill left of a part is no part, and the sweep takes it away.
    const kept = new FolderBlobs(blobs, systemRandom);
    for await (const blob of kept.list()) await kept.tidy(blob);
    const left = readdirSync(blobs, { recursive: true }).map(String);
    assert.deepEqual(
      left.filter((name) => name.endsWith(".part")),
      [],
    );
    assert.equal(partsIn(blobs).length, Math.ceil(size / 8_388_608));
  } finally {
    await broker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  }
});
