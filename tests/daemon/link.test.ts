import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { localHost, mostBodyBytes } from "@claudemesh/local-link";
import { postRaw } from "@claudemesh/local-link/raw";
import { World } from "../cli/world.ts";
import { json, logOf, socketOf, statusOf, untilLink } from "./daemon-fixture.ts";

interface Answer {
  readonly status: number | undefined;
  readonly code: string | undefined;
}

function ask(
  socketPath: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request(
      { socketPath, path, method, agent: false, headers: { host: localHost, ...headers } },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => (text += part));
        answer.on("end", () => {
          const code = (JSON.parse(text || "{}") as { error?: { code: string } }).error?.code;
          resolve({ status: answer.statusCode, code });
        });
      },
    );
    asked.on("error", reject);
    // What says that it is too large is refused before it is sent.
    if (headers["content-length"] === undefined) asked.end(body);
    else asked.flushHeaders();
  });
}

test("what a web page could send is refused, and so is what is too large or no JSON", async () => {
  await using world = new World();
  await world.run("alice", "claudemesh list");
  const socket = socketOf(world, "alice");
  const refused = { status: 403, code: "forbidden" };
  assert.deepEqual(await ask(socket, "/v1/hello", {}), { status: 200, code: undefined });
  assert.deepEqual(await ask(socket, "/v1/hello", { origin: "http://localhost" }), refused);
  assert.deepEqual(await ask(socket, "/v1/hello", { origin: "null" }), refused);
  assert.deepEqual(await ask(socket, "/v1/hello", { referer: "http://localhost/" }), refused);
  for (const host of ["localhost", "127.0.0.1", "evil.example", `${localHost}:80`, ""]) {
    assert.deepEqual(await ask(socket, "/v1/hello", { host }), refused, host);
  }
  const large = { "content-length": String(mostBodyBytes + 1) };
  assert.equal((await ask(socket, "/v1/confirm", large, "")).code, "too_large");
  assert.equal((await ask(socket, "/v1/confirm", {}, "{")).code, "malformed");
  assert.equal((await ask(socket, "/v1/confirm", {}, '{"more":1}')).code, "malformed");
  assert.equal((await ask(socket, "/v1/ops/mesh.nothing", {}, "{}")).status, 404);
  assert.equal((await ask(socket, "/v1/ops/__proto__", {}, "{}")).status, 404);
  assert.equal((await ask(socket, "/v1/nothing", {})).status, 404);
});

test("the entry without schemas posts and reads what the hook shim needs", async () => {
  await using world = new World();
  await world.run("alice", "claudemesh list");
  const text = await postRaw(socketOf(world, "alice"), "/v1/ops/mesh.list", {}, 5_000);
  assert.deepEqual(JSON.parse(text), { items: [] });
  await assert.rejects(postRaw(socketOf(world, "alice"), "/v1/nothing", {}, 5_000), /HTTP 404/);
  await assert.rejects(postRaw(socketOf(world, "nobody"), "/v1/stop", {}, 5_000));
});

test("with a daemon running, --no-daemon uses its socket; without, none is started", async () => {
  await using world = new World();
  await world.startBroker("alice");
  await world.run("alice", "claudemesh list --no-daemon");
  assert.equal((await statusOf(world, "alice")).running, false);
  await world.run("alice", "claudemesh list");
  await untilLink(world, "alice", "open");
  const sent = await world.run("alice", "claudemesh invite --no-daemon -q");
  assert.equal(sent.exit, 0, sent.stderr);
  const [mesh] = (await statusOf(world, "alice")).meshes;
  assert.equal(mesh?.connects, 1, "the call used the one connection that was open");
});

test("a daemon of another version is replaced by the verb that finds it", async () => {
  await using world = new World();
  const old = await startOther(world.home("alice"), "0.0.1");
  const listed = await world.run("alice", "claudemesh list -q");
  assert.equal(listed.exit, 0, listed.stderr);
  await old.ended;
  const status = await statusOf(world, "alice");
  assert.notEqual(status.version, "0.0.1");
  assert.notEqual(status.pid, process.pid);
});

test("offline, what is kept is answered with its age; what is queued goes out by itself", async () => {
  await using world = new World();
  const { invite, url } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  assert.equal((await json(world, "bob", "member list")).ageMs, 0);
  await world.stopBroker();
  assert.ok((await json(world, "bob", "member list")).ageMs > 0);
  const { id, state } = await json(world, "bob", "send alice later");
  assert.equal(state, "queued");
  const waiting = (await statusOf(world, "bob")).meshes[0];
  assert.equal(waiting?.queued, 1);
  assert.notEqual(waiting?.link, "open");
  await world.startBroker("alice", "--port", new URL(url).port);
  // Nothing is asked of bob's daemon until alice has the message.
  const read = await json(world, "alice", "inbox --wait 60s");
  assert.equal(read.items[0]?.id, id);
  // The broker's answer to bob may come after the message has come to alice.
  while ((await statusOf(world, "bob")).meshes[0]?.queued !== 0);
});

test("the log is bounded, holds no text of a message, and says how links stood", async () => {
  await using world = new World();
  const { invite } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  await world.run("bob", "claudemesh send alice 'a very private sentence'");
  await untilLink(world, "bob", "open");
  const log = logOf(world, "bob");
  assert.match(log, /"link open"/);
  assert.doesNotMatch(log, /private sentence/);
  assert.ok(!log.includes(invite?.code ?? "no code"));
  const shown = await world.run("bob", "claudemesh daemon logs -n 1 --json");
  assert.equal(shown.stdout.trim().split("\n").length, 1);
});

async function startOther(home: string, version: string) {
  const { startDaemon } = await import("@claudemesh/daemon");
  const daemon = await startDaemon({
    place: { home, platform: process.platform, uid: process.getuid?.(), tempDir: "/tmp", env: {} },
    version,
    pid: process.pid,
    now: Date.now,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    timer: (ms, fn) => {
      const handle = setTimeout(fn, ms);
      return () => clearTimeout(handle);
    },
    memory: () => process.memoryUsage(),
    defaultName: "alice",
  });
  assert.notEqual(daemon, "taken");
  return daemon as Exclude<typeof daemon, "taken">;
}
