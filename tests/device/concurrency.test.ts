import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { systemRandom } from "@claudemesh/crypto";
import { HomeFolder } from "../../packages/device/src/home/home-folder.ts";
import { HomeStore } from "../../packages/device/src/store/home-store.ts";
import { Ground, read, texts } from "./home-fixture.ts";

const verbs = fileURLToPath(new URL("./verb-process.ts", import.meta.url));

/** A process that runs one kind of verb on a home, over and over, saying each answer on a line. */
function process(
  kind: "send" | "inbox",
  home: string,
): { child: ChildProcess; lines: AsyncIterable<string> } {
  const child = spawn(globalThis.process.execPath, [verbs, kind, home], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  assert.ok(child.stdout);
  return { child, lines: createInterface({ input: child.stdout }) };
}

test("20 sends at once in one home: every counter once, without a gap, nothing lost or doubled", async () => {
  await using ground = await Ground.start();
  const [, bob] = await ground.mesh("alice", "bob");
  assert.ok(bob);
  const devices = await Promise.all(Array.from({ length: 20 }, () => ground.device("alice")));
  const wanted = devices.map((_, i) => `message ${i}`);
  const sent = await Promise.all(
    devices.map((device, i) => device.api.message.send({ to: "bob", text: wanted[i] ?? "" })),
  );
  assert.deepEqual(new Set(sent.map(({ state }) => state)), new Set(["accepted"]));
  const store = HomeStore.open(
    new HomeFolder(ground.home("alice"), () => {}),
    Date.now,
    systemRandom,
  );
  const numbers = store
    .all<{ n: number }>("SELECT n FROM outbox ORDER BY position")
    .map(({ n }) => n);
  store.close();
  assert.deepEqual(
    numbers,
    wanted.map((_, i) => i + 1),
  );
  const shown = await read(bob);
  assert.deepEqual(texts(shown).sort(), [...wanted].sort());
  assert.deepEqual(shown.notices, []);
});

test("a sender killed at any moment loses nothing that it said was accepted, and doubles nothing", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  const said: string[] = [];
  for (const stopAfter of [3, 8]) {
    const { child, lines } = process("send", ground.home("alice"));
    let count = 0;
    for await (const line of lines) {
      said.push(line);
      count += 1;
      if (count === stopAfter) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  await alice.api.message.send({ to: "bob", text: "last" });
  const shown = await read(bob);
  const got = texts(shown);
  assert.equal(new Set(got).size, got.length, "a message came twice");
  for (const text of said) assert.ok(got.includes(text), `${text} is lost`);
  assert.equal(got.at(-1), "last");
  assert.deepEqual(shown.notices, []);
});

test("a receiver killed at any moment loses nothing, and shows nothing twice without saying so", async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await bob.close();
  const wanted = Array.from({ length: 30 }, (_, i) => `message ${i}`);
  for (const text of wanted) await alice.api.message.send({ to: "bob", text });
  const seen = new Map<string, number>();
  for (const stopAfter of [1, 4]) {
    const { child, lines } = process("inbox", ground.home("bob"));
    let count = 0;
    for await (const line of lines) {
      const { text, again } = JSON.parse(line) as { text: string; again: boolean };
      if (seen.has(text)) assert.ok(again, `${text} was shown twice`);
      seen.set(text, (seen.get(text) ?? 0) + 1);
      count += 1;
      if (count === stopAfter) child.kill("SIGKILL");
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  const last = await ground.device("bob");
  for (const { text, again } of (await read(last)).items) {
    if (seen.has(text)) assert.ok(again, `${text} was shown twice`);
    seen.set(text, 1);
  }
  assert.deepEqual([...seen.keys()].sort(), [...wanted].sort());
});
