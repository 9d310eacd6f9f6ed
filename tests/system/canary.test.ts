import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fromBase64, systemRandom, toBase64 } from "@claudemesh/crypto";
import { type Device, openDevice } from "@claudemesh/device";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { type Recording, RecordingProxy } from "../../packages/testkit/src/recording-proxy.ts";
import { formsOf, SecretSearch } from "../../packages/testkit/src/secret-search.ts";
import { clearBytes } from "../../packages/testkit/src/websocket-bytes.ts";
import { World } from "../cli/world.ts";
import { openHomeStore } from "./home-rows.ts";

const messages = 1_000;
const throughCli = 3;
const bound = { timeout: 300_000 };

/** Text that nothing else can contain, between what JSON has to escape. */
const canary = (): string => toBase64(systemRandom(18)).replaceAll(/[-_]/g, "x");
const textOf = (word: string): string => `"${word}"\n\u00e9\\`;

async function exchange(from: Device, to: string, words: readonly string[]): Promise<void> {
  for (const word of words) {
    const { state } = await from.api.message.send({ to, text: textOf(word) });
    assert.equal(state, "accepted");
  }
}

async function readAll(device: Device, count: number): Promise<string[]> {
  const got: string[] = [];
  while (got.length < count) {
    const { items } = await device.api.message.inbox({ wait: "60s", limit: 100 });
    assert.ok(items.length > 0, `only ${got.length} of ${count} came`);
    got.push(...items.map(({ text }) => text));
    await device.confirmHandOver();
  }
  return got;
}

const filesOf = (folder: string): Buffer =>
  Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));

const wireOf = (recordings: readonly Recording[], way: keyof Recording): Buffer =>
  Buffer.concat(recordings.map((recording) => clearBytes(recording[way])));

/** Seeds, invite codes and mesh keys of a home: what must never leave its device unsealed. */
function addSecrets(search: SecretSearch, home: string): void {
  const { seed } = JSON.parse(readFileSync(join(home, "identity.json"), "utf8"));
  search.add(`seed of ${home}`, fromBase64(seed));
  using store = openHomeStore(home);
  for (const { key } of store.rows<{ key: string }>("SELECT key FROM ring")) {
    search.add(`mesh key in ${home}`, fromBase64(key));
  }
  for (const { code } of store.rows<{ code: string }>("SELECT code FROM invite_made")) {
    search.add(`invite code of ${home}`, code);
  }
}

test(
  "no text, invite code, seed or mesh key shows in the broker's folder, its log or on the wire",
  bound,
  async (t) => {
    await using world = new World({ daemon: "off" });
    await using proxy = await RecordingProxy.start();
    const folder = join(world.folder, "data");
    const publicUrl = proxy.url;
    await using broker = await BrokerProcess.start({ folder, publicUrl, logLevel: "debug" });
    proxy.target(broker.port);
    const [aliceName, bobName] = [`alice${canary()}`, `bob${canary()}`];
    const open = (person: string, defaultName: string) =>
      openDevice({
        home: world.home(person),
        now: Date.now,
        random: systemRandom,
        defaultName,
        defaultBroker: publicUrl,
      });
    await using alice = await open("alice", aliceName);
    await using bob = await open("bob", bobName);
    const made = await alice.api.mesh.create({ name: "Team" });
    const { link } = await alice.api.invite.create({ uses: 2 });
    await alice.api.invite.create({});
    assert.equal((await fetch(link)).status, 200);
    await bob.api.invite.claim({ invite: link });

    const words = Array.from({ length: messages }, canary);
    const [toBob, toAlice] = [words.slice(0, messages / 2), words.slice(messages / 2)];
    await Promise.all([exchange(alice, bobName, toBob), exchange(bob, aliceName, toAlice)]);
    const [bobGot, aliceGot] = await Promise.all([
      readAll(bob, toBob.length),
      readAll(alice, toAlice.length),
    ]);
    assert.deepEqual(bobGot, toBob.map(textOf));
    assert.deepEqual(aliceGot, toAlice.map(textOf));

    const typed = Array.from({ length: throughCli }, canary);
    for (const word of typed) {
      const sent = await world.run("alice", `claudemesh send ${bobName} '${word}'`);
      assert.equal(sent.exit, 0, sent.stderr);
      const read = await world.run("bob", "claudemesh inbox --wait 60s");
      assert.ok(read.stdout.includes(word), read.stdout + read.stderr);
    }
    const waiting = canary();
    await alice.api.message.send({ to: bobName, text: waiting });

    const search = new SecretSearch();
    for (const word of [...words, ...typed, waiting]) search.add(`text ${word}`, word);
    for (const person of ["alice", "bob"]) addSecrets(search, world.home(person));
    const control = new SecretSearch();
    control.add("mesh id", made.id);
    const cursorKey = JSON.parse(readFileSync(join(folder, "keys.json"), "utf8")).cursor;
    control.add("cursor key", cursorKey);
    for (const name of [aliceName, bobName]) control.add(name, name);
    const seen = (hay: Buffer) => new Set(control.find(hay).map(({ name }) => name));

    const running = filesOf(folder);
    assert.ok(readdirSync(folder).some((name) => name.endsWith("-wal")));
    await Promise.all([alice.close(), bob.close()]);
    assert.equal(await broker.stop(), 0);
    const stopped = filesOf(folder);
    const log = Buffer.from(broker.lines.join("\n"));
    const [up, down] = [wireOf(proxy.recordings, "up"), wireOf(proxy.recordings, "down")];

    const all = new Set(["mesh id", "cursor key", aliceName, bobName]);
    for (const [place, hay, known] of [
      ["the data folder of the running broker", running, all],
      ["the data folder after the checkpoint", stopped, all],
      ["the log", log, new Set(["mesh id"])],
      ["the wire to the broker", up, new Set(["mesh id", aliceName, bobName])],
      ["the wire from the broker", down, new Set(["mesh id", aliceName, bobName])],
    ] as const) {
      assert.deepEqual(seen(hay), known, `what everyone may know, in ${place}`);
      assert.deepEqual(search.find(hay), [], place);
      t.diagnostic(`${place}: ${hay.length} bytes, none of ${search.size} secrets`);
    }
    const masked = Buffer.concat(proxy.recordings.flatMap((one) => one.up));
    assert.equal(seen(masked).size, 0, "the frames to the broker were not masked");
  },
);

test("the search finds a secret in every form in which it may lie around", () => {
  const search = new SecretSearch();
  const secrets = { text: textOf(canary()), key: systemRandom(32) };
  for (const [name, secret] of Object.entries(secrets)) search.add(name, secret);
  for (const [name, secret] of Object.entries(secrets)) {
    for (const [form, bytes] of formsOf(Buffer.from(secret as string))) {
      const hay = Buffer.concat([systemRandom(1_001), bytes, systemRandom(7)]);
      assert.deepEqual(search.find(hay), [{ name, form, at: 1_001 }]);
    }
    for (const before of [0, 1, 2, 3]) {
      const whole = Buffer.concat([systemRandom(before), Buffer.from(secret as string)]);
      const found = search.find(Buffer.from(whole.toString("base64url")));
      assert.equal(found.length, 1, `behind ${before} bytes`);
    }
  }
});
