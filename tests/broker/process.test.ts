import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createBroker } from "@claudemesh/broker";
import { MeshError } from "@claudemesh/protocol";
import { newFolder, startBroker, testConfig } from "./support/broker.ts";
import { addMember, foundMesh } from "./support/member.ts";

const main = join(import.meta.dirname, "../../apps/broker/src/main.ts");

test("a stop answers what is in flight, tells all to come back, and closes the store", async () => {
  await using at = await startBroker();
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const feed = await bob.connect("feed");
  const client = await alice.connect();
  const sends = Array.from({ length: 50 }, () =>
    client.call("message.send", { envelope: alice.message(bob, "last") }),
  );
  await Promise.race(sends);
  const settled = Promise.allSettled(sends);
  const stopped = at.broker.stop();
  await assert.rejects(alice.connect());
  assert.equal((await client.closed).code, 1012);
  assert.equal((await feed.closed).code, 1012);
  await stopped;
  const answered = (await settled).filter(({ status }) => status === "fulfilled").length;
  assert.ok(answered > 0);
  await assert.rejects(at.broker.store.read.mesh(alice.mesh));
});

test("a taken port and a held folder are told apart, with what to do", async () => {
  await using at = await startBroker();
  await using second = await createBroker(
    testConfig(newFolder(), { port: at.broker.port, logLevel: "silent" }),
  );
  await assert.rejects(second.start(), (error: unknown) => {
    assert.ok(error instanceof MeshError && error.code === "address_in_use");
    assert.match(error.message, new RegExp(String(at.broker.port)));
    assert.match(error.hint ?? "", /--port/);
    return true;
  });
  await assert.rejects(
    createBroker(testConfig(at.folder)),
    (error: unknown) => error instanceof MeshError && error.code === "in_use",
  );
});

test("as a process it says when it is ready, refuses bad flags by name, and stops on SIGTERM", async () => {
  const folder = newFolder();
  try {
    const child = spawn(process.execPath, [
      main,
      "--port",
      "0",
      "--data",
      folder,
      "--log-level=silent",
    ]);
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { ready, url } = JSON.parse(line.toString()) as { ready: boolean; url: string };
    assert.equal(ready, true);
    assert.equal((await fetch(`${url}/health`)).status, 200);
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);

    const wrong = spawn(process.execPath, [main, "--prot", "0"]);
    const ended = once(wrong, "exit");
    const [text] = (await once(wrong.stderr, "data")) as [Buffer];
    assert.match(JSON.parse(text.toString()).error.message, /--prot/);
    assert.deepEqual(await ended, [3, null]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("as a process it bounds its young heap, unless its start did", {
  skip: process.platform !== "linux",
}, async () => {
  const young = "--max-semi-space-size";
  const cases = [
    { flags: [], options: "", bounds: [`${young}=8`] },
    { flags: [`${young}=16`], options: "", bounds: [`${young}=16`] },
    { flags: [], options: `${young}=16`, bounds: [] },
  ];
  for (const { bounds, flags, options } of cases) {
    const folder = newFolder();
    try {
      const args = [...flags, main, "--port", "0", "--data", folder, "--log-level=silent"];
      const child = spawn(process.execPath, args, {
        env: { ...process.env, NODE_OPTIONS: options },
      });
      await once(child.stdout, "data");
      const command = readFileSync(`/proc/${child.pid}/cmdline`, "utf8").split("\0");
      assert.deepEqual(
        command.filter((part) => part.startsWith(young)),
        bounds,
      );
      child.kill("SIGTERM");
      assert.deepEqual(await once(child, "exit"), [0, null]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
});
