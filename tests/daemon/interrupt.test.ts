import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { World } from "../cli/world.ts";
import { clientOf, json, statusOf, untilLink } from "./daemon-fixture.ts";

test("Ctrl-C ends a verb that waits in the daemon, in the same words as without one, and the daemon goes on", async () => {
  await using world = new World();
  const { invite, url } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  const { pid } = await statusOf(world, "bob");
  await world.stopBroker();
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  mute.listen(Number(port), "127.0.0.1");
  await once(mute, "listening");
  const cases: readonly [NodeJS.Signals, string, RegExp][] = [
    ["SIGINT", "send alice hello", /stopped; (nothing was sent|the message to alice stays queued)/],
    ["SIGTERM", "inbox --wait 60s", /stopped; what waits here is shown the next time\n$/],
    ["SIGHUP", "peers", /error: stopped\n$/],
    ["SIGINT", "ping", /error: stopped\n$/],
  ];
  for (const [signal, line, expected] of cases) {
    const child = spawn(join(world.folder, "bin", "claudemesh"), [...line.split(" "), "-v"], {
      env: world.environment("bob"),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    // The verb has read its arguments and is about to ask.
    await once(child.stderr, "data");
    const ended = once(child, "close");
    child.kill(signal);
    assert.deepEqual(await ended, [1, null], `${line}\n${stderr}`);
    assert.match(stderr, expected, line);
  }
  for (const socket of sockets) socket.destroy();
  mute.close();
  await once(mute, "close");
  await world.startBroker("alice", "--port", port);
  assert.equal((await json(world, "bob", "send alice again")).state, "accepted");
  await untilLink(world, "bob", "open");
  assert.equal((await statusOf(world, "bob")).pid, pid);
});

test("a caller that goes away gives back what it was shown: the next reader gets it, marked", async () => {
  await using world = new World();
  const { invite } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  assert.equal((await json(world, "alice", "send bob 'twice at most'")).state, "accepted");
  const gone = clientOf(world, "bob");
  const shown = await gone.ask("POST", "/v1/ops/message.inbox", { wait: "60s" });
  assert.deepEqual(again(shown.value), [["twice at most", false]]);
  const between = await json(world, "bob", "inbox");
  assert.deepEqual(between.items, [], "another reader has it");
  gone.close();
  assert.deepEqual(again(await json(world, "bob", "inbox --wait 60s")), [["twice at most", true]]);
  assert.deepEqual((await json(world, "bob", "inbox")).items, []);
});

const again = (inbox: unknown) =>
  (inbox as { items: { text: string; again: boolean }[] }).items.map((one) => [
    one.text,
    one.again,
  ]);
