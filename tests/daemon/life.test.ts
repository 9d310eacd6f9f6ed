import assert from "node:assert/strict";
import {
  existsSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { isRunning } from "@claudemesh/local-link";
import { processEnd } from "../cli/daemons.ts";
import { World } from "../cli/world.ts";
import { json, logOf, socketOf, statusOf } from "./daemon-fixture.ts";

test("twenty verbs at once start exactly one daemon, which holds nothing of theirs", async (t) => {
  await using world = new World();
  const ran = await Promise.all(
    Array.from({ length: 20 }, () => world.run("alice", "claudemesh list")),
  );
  for (const { exit, stderr } of ran) assert.equal(exit, 0, stderr);
  const served = logOf(world, "alice").match(/"message":"serving"/g);
  assert.equal(served?.length, 1, logOf(world, "alice"));
  const { pid } = await statusOf(world, "alice");
  assert.equal(statSync(socketOf(world, "alice")).mode & 0o777, 0o600);
  assert.equal(statSync(world.home("alice")).mode & 0o777, 0o700);
  if (!existsSync("/proc/self/fd")) return t.diagnostic("no /proc: open files are not looked at");
  const open = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return [fd, readlinkSync(`/proc/${pid}/fd/${fd}`)] as const;
    } catch {
      return [fd, ""] as const;
    }
  });
  const standard = open.filter(([fd]) => Number(fd) <= 2).map(([, path]) => path);
  assert.deepEqual(standard, ["/dev/null", "/dev/null", "/dev/null"]);
  assert.equal(readlinkSync(`/proc/${pid}/cwd`), "/");
});

test("a daemon that was killed leaves its socket and lock behind, and the next verb starts another", async () => {
  await using world = new World();
  const { invite } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  const before = await statusOf(world, "bob");
  process.kill(before.pid, "SIGKILL");
  await processEnd(before.pid);
  assert.ok(existsSync(socketOf(world, "bob")));
  assert.equal((await json(world, "bob", "send alice hello")).state, "accepted");
  const after = await statusOf(world, "bob");
  assert.notEqual(after.pid, before.pid);
  const read = await json(world, "alice", "inbox --wait 60s");
  assert.deepEqual(
    read.items.map(({ text }: { text: string }) => text),
    ["hello"],
  );
});

test("killed while offline with messages queued: nothing is lost, and each is shown once", async () => {
  await using world = new World();
  const { invite, url } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  await world.stopBroker();
  assert.equal((await json(world, "bob", "send alice one")).state, "queued");
  const { pid } = await statusOf(world, "bob");
  process.kill(pid, "SIGKILL");
  await processEnd(pid);
  assert.equal((await json(world, "bob", "send alice two")).state, "queued");
  await world.startBroker("alice", "--port", new URL(url).port);
  const shown: string[] = [];
  while (shown.length < 2) {
    const { items } = await json(world, "alice", "inbox --wait 60s");
    assert.ok(items.length > 0, `only ${shown} came`);
    for (const { text, again } of items) {
      assert.equal(again, false);
      shown.push(text);
    }
  }
  assert.deepEqual(shown, ["one", "two"]);
});

test("a file and a dead socket in the way are no obstacle", async () => {
  await using world = new World();
  await world.run("alice", "claudemesh list --no-daemon");
  writeFileSync(socketOf(world, "alice"), "");
  assert.equal((await world.run("alice", "claudemesh list")).exit, 0);
  assert.equal((await statusOf(world, "alice")).running, true);
});

test("something else that listens where the daemon would is said, not talked to", async () => {
  await using world = new World();
  await world.run("alice", "claudemesh list --no-daemon");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.resume().end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
  });
  await new Promise<void>((resolve) => server.listen(socketOf(world, "alice"), resolve));
  const ran = await world.run("alice", "claudemesh list");
  assert.equal(ran.exit, 3, ran.stderr);
  assert.match(ran.stderr, /error: /);
  await new Promise((resolve) => server.close(resolve));
});

test("a daemon whose home is removed ends and writes nothing there again", async () => {
  await using world = new World();
  await world.run("alice", "claudemesh list");
  const { pid } = await statusOf(world, "alice");
  // In one step: a folder that goes file by file is still a home while the daemon closes its files.
  const aside = `${world.home("alice")}-gone`;
  renameSync(world.home("alice"), aside);
  await processEnd(pid);
  rmSync(aside, { recursive: true });
  assert.equal(existsSync(world.home("alice")), false);
});

test("a daemon whose home is removed file by file makes none of them anew", async () => {
  await using world = new World();
  const home = world.home("alice");
  await world.run("alice", "claudemesh list");
  const { pid } = await statusOf(world, "alice");
  // The lock goes last: by it the daemon knows, and then closes what it has open.
  const names = readdirSync(home).filter((name) => name !== "daemon.lock");
  for (const name of names) rmSync(join(home, name), { recursive: true, force: true });
  rmSync(join(home, "daemon.lock"));
  await processEnd(pid);
  assert.deepEqual(readdirSync(home), []);
});

test("start, restart, stop and status say what is so", async () => {
  await using world = new World();
  assert.deepEqual(await json(world, "alice", "daemon status"), {
    schema_version: 1,
    running: false,
  });
  const first = await json(world, "alice", "daemon start");
  assert.equal(first.started, true);
  assert.equal((await json(world, "alice", "daemon start")).started, false);
  const second = await json(world, "alice", "daemon restart");
  assert.notEqual(second.pid, first.pid);
  assert.equal(isRunning(first.pid), false);
  const status = await statusOf(world, "alice");
  assert.equal(status.pid, second.pid);
  assert.ok(status.uptimeMs >= 0 && status.memory.rssBytes > 0);
  assert.equal((await json(world, "alice", "daemon stop")).stopped, true);
  assert.equal(isRunning(second.pid), false);
  assert.equal(existsSync(socketOf(world, "alice")), false);
  assert.equal((await json(world, "alice", "daemon stop")).stopped, false);
});

test("in the foreground it runs until it is asked to end; a second one is refused", async () => {
  await using world = new World();
  await world.run("alice", "claudemesh list");
  const taken = await world.run("alice", "claudemesh daemon run");
  assert.equal(taken.exit, 6, taken.stderr);
  assert.match(taken.stderr, /the daemon of this home runs already/);
  await world.run("alice", "claudemesh daemon stop");
  const running = world.run("alice", "claudemesh daemon run");
  while (!(await statusOf(world, "alice")).running);
  await world.run("alice", "claudemesh daemon stop");
  const ran = await running;
  assert.equal(ran.exit, 0, ran.stderr);
  assert.match(ran.stdout, /^The daemon of .* runs\. Ctrl-C stops it\.$/m);
});

test("the service is a unit that names this program by its whole path, and is removed again", async () => {
  await using world = new World();
  const written = await json(world, "alice", "daemon install-service --no-enable");
  assert.equal(written.enabled, false);
  assert.ok(written.path.startsWith(join(world.folder, ".config/systemd/user/claudemesh-")));
  const removed = await json(world, "alice", "daemon uninstall-service");
  assert.deepEqual([removed.path, removed.removed], [written.path, true]);
  assert.equal(existsSync(written.path), false);
});
