import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { Ground } from "../device/home-fixture.ts";

const size = 60_000_000;
const program = join(import.meta.dirname, "file-process.ts");

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** Looks again in every turn of the event loop, since what is waited for happens on a disk. */
async function until(holds: () => boolean, child: ChildProcess): Promise<void> {
  while (!holds() && child.exitCode === null) await new Promise(setImmediate);
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
  const parts = () =>
    existsSync(blobs)
      ? readdirSync(blobs, { recursive: true }).filter((name) => /\d{6}$/.test(String(name)))
      : [];
  const first = start(ground.home("alice"), "share", path, "bob");
  await until(() => parts().length > 1, first);
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
  await until(far, fetching);
  const wasCut = await killed(fetching);
  if (wasCut) assert.ok(readdirSync(out).every((name) => name.endsWith(".part")));
  const back = await ground.device("bob");
  const got = await back.api.file.get({ id: sent.id, out, overwrite: !wasCut });
  assert.ok(readFileSync(got.path).equals(content));
  assert.deepEqual(readdirSync(out), ["large.bin"]);
});
