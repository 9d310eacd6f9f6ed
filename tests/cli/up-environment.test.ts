import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { World } from "./world.ts";

test("up keeps to its own folder in a shell that names the database of another project", async () => {
  await using world = new World({ daemon: "off" });
  const up = spawn(join(world.folder, "bin", "claudemesh"), ["up", "--json", "--port", "0"], {
    env: { ...world.environment("alice"), DATABASE_URL: "mysql://app:secret@127.0.0.1:1/app" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(up.stdout, "data")) as [Buffer];
  assert.match(line.toString("utf8"), /"url"/);
  assert.ok(existsSync(join(world.home("alice"), "broker", "broker.db")));
  const ended = once(up, "exit");
  up.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
});
