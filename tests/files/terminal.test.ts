import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { LocalDevice } from "@claudemesh/device";
import { cliFolder } from "../../packages/testkit/src/cli-folder.ts";
import { Ground } from "../device/home-fixture.ts";

const missing = spawnSync("script", ["--version"]).status !== 0 && "script is not installed";
/** Some of it is there: how much by the time of the first look, the machine decides. */
const underWay = /large\.bin {2}\d[\d.]* k?M?B of 20\.0 MB \(\d\d? %\)/;

/** What a command prints, as it prints it. */
class Running {
  text = "";
  readonly child;
  readonly ended: Promise<unknown>;
  #heard = Promise.withResolvers<void>();

  constructor(command: readonly string[], home: string) {
    const [program = "", ...args] = command;
    const plain = { TERM: "xterm", NO_COLOR: "1", FORCE_COLOR: undefined };
    const env = { ...process.env, ...plain, CLAUDEMESH_HOME: home, CLAUDEMESH_DAEMON: "off" };
    this.child = spawn(program, args, { env, stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        this.text += part;
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      });
    }
    this.ended = once(this.child, "close").then(() => this.#heard.resolve());
  }

  async says(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.text)) {
      assert.equal(this.child.exitCode, null, `ended without ${wanted}: ${this.text}`);
      await this.#heard.promise;
    }
  }
}

test("an upload shows on a terminal how far it is, not in a pipe; Ctrl-C keeps what went up", {
  skip: missing,
}, async () => {
  await using ground = await Ground.start();
  const [alice, bob] = (await ground.mesh("alice", "bob")) as [LocalDevice, LocalDevice];
  await alice.close();
  const folder = join(ground.folder, "work");
  mkdirSync(folder);
  const path = join(folder, "large.bin");
  writeFileSync(path, randomBytes(20_000_000));
  const line = [process.execPath, join(cliFolder, "claudemesh.js"), "file", "put", path, "--to"];
  const home = ground.home("alice");
  const atTerminal = (words: readonly string[]) =>
    new Running(["script", "-qec", words.map((word) => `'${word}'`).join(" "), "/dev/null"], home);

  // The broker has a part, and does not say so until it is told to.
  const { write } = ground.broker.store;
  const { keepUpload } = write;
  const [held, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  write.keepUpload = async (input) => {
    await keepUpload(input);
    reached.resolve();
    await held.promise;
  };
  const cut = atTerminal([...line, "bob"]);
  await cut.says(underWay);
  await reached.promise;
  cut.child.stdin.write("\u0003");
  await cut.ended;
  assert.match(cut.text, /error: stopped\r?\nhint: run it again to go on where it was/);
  assert.deepEqual((await bob.api.file.list({})).items, []);
  const blobs = join(ground.folder, "broker", "blobs");
  const parts = () =>
    readdirSync(blobs, { recursive: true }).filter((name) => /\d{6}$/.test(String(name)));
  const before = parts();
  assert.ok(before.length > 0);
  held.resolve();

  const piped = new Running([...line, "bob"], home);
  await piped.ended;
  assert.match(piped.text, /is shared with bob/);
  assert.doesNotMatch(piped.text, /MB of 20|waiting/);
  // The same upload went on: its parts lie where they were.
  for (const name of before) assert.ok(parts().includes(name), String(name));
  assert.equal((await bob.api.file.list({})).items.length, 1);
});
