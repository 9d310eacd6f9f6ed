import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { World } from "./world.ts";

test("later runs find the same mesh and its open invite, on another port", async () => {
  await using world = new World();
  const first = await world.startBroker("alice");
  assert.ok(first.invite?.link.startsWith(`${first.url}/i/`));
  assert.deepEqual(Object.keys(first), ["schema_version", "url", "mesh", "invite"]);
  assert.equal(await world.stopBroker(), 0);
  const second = await world.startBroker("alice");
  assert.deepEqual(second.mesh, first.mesh);
  assert.equal(second.invite?.code, first.invite?.code);
  assert.ok(second.invite?.link.startsWith(`${second.url}/i/`));
  const joined = await world.run("bob", `claudemesh join '${second.invite?.link}' --name bob -q`);
  assert.equal(joined.exit, 0, joined.stderr);
  const listed = await world.run("alice", "claudemesh list --json=broker");
  assert.deepEqual(JSON.parse(listed.stdout).items, [{ broker: second.url }]);
  assert.equal(await world.stopBroker(), 0);
  const third = await world.startBroker("alice");
  assert.equal(third.invite, null);
});

test("for people it says in at most ten lines what to do next, and Ctrl-C ends it", async () => {
  await using world = new World();
  const child = spawn(join(world.folder, "bin", "claudemesh"), ["up", "--port", "0"], {
    env: world.environment("alice"),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    stderr += part;
  });
  child.stdout.setEncoding("utf8");
  for await (const part of child.stdout) {
    stdout += part;
    if (stdout.endsWith("Ctrl-C stops the broker.\n")) break;
  }
  const ended = once(child, "close");
  child.kill("SIGINT");
  assert.deepEqual(await ended, [0, null]);
  assert.ok(stdout.split("\n").length <= 11, stdout);
  assert.match(
    stdout,
    /^ {2}claudemesh join 'http:\/\/127\.0\.0\.1:\d+\/i\/\S+#\w{16}' --name <their-name>$/m,
  );
  assert.match(stdout, /^ {2}CLAUDEMESH_HOME=\S+ claudemesh join '\S+' --name bob$/m);
  assert.equal(stderr, "stopped; everything acknowledged is stored\n");
});

test("Ctrl-C while waiting is exit code 1, and a message that comes later is still there", async () => {
  await using world = new World();
  const { invite } = await world.startBroker("alice");
  await world.run("bob", `claudemesh join '${invite?.link}' --name bob -q`);
  const waiting = spawn(join(world.folder, "bin", "claudemesh"), ["inbox", "--wait", "60s", "-v"], {
    env: world.environment("bob"),
    stdio: ["ignore", "pipe", "pipe"],
  });
  waiting.stderr.setEncoding("utf8");
  let stderr = "";
  waiting.stderr.on("data", (part: string) => {
    stderr += part;
  });
  await once(waiting.stderr, "data");
  const ended = once(waiting, "close");
  waiting.kill("SIGINT");
  assert.deepEqual(await ended, [1, null]);
  assert.match(stderr, /error: stopped; what waits here is shown the next time\n$/);
  await world.run("alice", "claudemesh send bob hi");
  const read = await world.run("bob", "claudemesh inbox --wait 60s --json");
  assert.equal(JSON.parse(read.stdout).items[0].text, "hi");
});

test("only a verb that works in this process loads device, crypto and SQLite", async () => {
  // Modules are told apart by their paths, which the bundle has no more.
  const programs = join(import.meta.dirname, "../../apps/cli/bin");
  await using world = new World({ programs });
  const watch = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from "node:module";
    registerHooks({ load: (url, context, next) => {
      if (/packages\\/(device|crypto|sdk)|apps\\/broker|libsodium|node:sqlite/.test(url)) console.error("loaded", url);
      return next(url, context);
    } });`)}`;
  const under = (line: string) =>
    world.run(
      "alice",
      `NODE_OPTIONS='--import ${watch.replaceAll("'", "%27")}' claudemesh ${line}`,
    );
  assert.match((await under("list --no-daemon")).stderr, /loaded .*packages\/device/);
  for (const line of ["--version", "help", "help advanced", "send --help", "list", "whoami"]) {
    const ran = await under(`${line} -q`);
    assert.equal(ran.exit, 0, ran.stderr);
    assert.equal(ran.stderr, "");
  }
});
