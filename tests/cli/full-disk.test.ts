import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { World } from "./world.ts";

/** Runs a script with a file system of its own, of `size`, over `folder`; it goes with the process. */
const isolated = (folder: string, size: string, script: string): string[] => [
  ...["--user", "--map-root-user", "--mount", "sh", "-c"],
  `mount -t tmpfs -o size=${size},mode=0700 tmpfs "$0" && ${script}`,
  folder,
];

const possible = (folder: string): boolean =>
  spawnSync("unshare", isolated(folder, "1m", "true")).status === 0;

test("a home on a full disk says so, keeps what it has, and works again when there is space", async (t) => {
  // A daemon would outlive the file system of its own.
  await using world = new World({ daemon: "off" });
  const { invite } = await world.startBroker("alice");
  await world.run("bob", `mkdir -p '${world.home("bob")}'`);
  if (!possible(world.home("bob"))) return t.skip("this system lets no test mount a file system");
  const bob = world.home("bob");
  const fill = `dd if=/dev/zero of=${bob}/ballast bs=4k 2>/dev/null`;
  const script = [
    `mkdir ${bob}/m; ${fill}; claudemesh join '${invite?.link}' --name bob; echo "join full $?"`,
    `rm ${bob}/ballast; claudemesh join '${invite?.link}' --name bob -q; echo "join $?"`,
    `${fill}; claudemesh send alice "$(head -c 50000 /dev/zero | tr '\\0' x)"; echo "send full $?"`,
    `claudemesh list -q; echo "list full $?"`,
    `rm ${bob}/ballast; claudemesh send alice after; echo "send $?"`,
  ].join("\n");
  const { stdout, stderr } = spawnSync("unshare", isolated(bob, "8m", script), {
    env: world.environment("bob"),
    encoding: "utf8",
  });
  const told = `${stdout}\n${stderr}`;
  assert.match(stdout, /^join full 8$/m, told);
  assert.match(stdout, /^join 0$/m, told);
  assert.match(stdout, /^send full 8$/m, told);
  assert.match(stdout, /^send 0$/m, told);
  assert.match(stderr, /error: there is no space left for \S+/, told);
  assert.match(stderr, /hint: free some space and run it again/, told);
  const read = await world.run("alice", "claudemesh inbox --json=text");
  assert.deepEqual(JSON.parse(read.stdout).items, [{ text: "after" }]);
});
