import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { World } from "./world.ts";

/** Well below every deadline of the verbs themselves, which one that does not listen keeps to each time. */
const promptMs = 8_000;
const mostTries = 3;

/** A server that accepts connections and says nothing, as a broker that hangs. */
async function muteServer(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    dialled.resolve();
    dialled = Promise.withResolvers();
  });
  let dialled = Promise.withResolvers<void>();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    dialled: () => dialled.promise,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

test("asked to end while the broker hangs, every verb ends at once with what it left, and nothing is lost", async () => {
  await using world = new World({ daemon: "off" });
  const { invite, url } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  const second = (await world.run("alice", "claudemesh invite -q")).stdout.trim();
  await world.stopBroker();
  const port = new URL(url).port;
  {
    await using mute = await muteServer(Number(port));
    const cases: readonly [string, NodeJS.Signals, string, RegExp][] = [
      ["carol", "SIGINT", `join ${second} --name carol`, /stopped\nhint: run it again to go on/],
      ["bob", "SIGINT", "send alice hello", /stopped; nothing was sent\n$/],
      ["bob", "SIGTERM", "inbox --wait 60s", /stopped; what waits here is shown the next time\n$/],
      ["bob", "SIGHUP", "peers", /error: stopped\n$/],
      ["bob", "SIGINT", "ping", /error: stopped\n$/],
    ];
    const end = async ([person, signal, line, expected]: (typeof cases)[number]) => {
      const dialled = mute.dialled();
      const child = spawn(join(world.folder, "bin", "claudemesh"), line.split(" "), {
        env: world.environment(person),
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
      await dialled;
      const ended = once(child, "close");
      const asked = Date.now();
      child.kill(signal);
      assert.deepEqual(await ended, [1, null], `${line}\n${stderr}`);
      const took = Date.now() - asked;
      assert.match(stderr, expected, line);
      return took;
    };
    for (const one of cases) {
      const took: number[] = [];
      while (took.every((ms) => ms >= promptMs)) {
        assert.ok(took.length < mostTries, `${one[2]}: ${took.join(", ")} ms`);
        took.push(await end(one));
      }
    }
  }
  await world.startBroker("alice", "--port", port);
  const joined = await world.run("carol", `claudemesh join '${second}' --name carol -q`);
  assert.equal(joined.exit, 0, joined.stderr);
  const sent = await world.run("bob", "claudemesh send alice again");
  assert.equal(sent.exit, 0, sent.stderr);
  const read = await world.run("alice", "claudemesh inbox --json=text");
  assert.deepEqual(JSON.parse(read.stdout).items, [{ text: "again" }]);
});
