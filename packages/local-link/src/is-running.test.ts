import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { isRunning } from "./is-running.ts";

test("a process runs until it has ended, also where its parent does not fetch it", async (t) => {
  assert.equal(isRunning(process.pid), true);
  // A shell that goes on as another program never fetches the child that it had.
  const parent = spawn("/bin/sh", ["-c", "sleep 0 & echo $!; exec sleep 600"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => parent.kill("SIGKILL"));
  const [line] = (await once(parent.stdout, "data")) as [Buffer];
  const child = Number(line.toString());
  while (isRunning(child)) await new Promise((resolve) => setImmediate(resolve));
  if (process.platform === "linux") assert.doesNotThrow(() => process.kill(child, 0));
  const ended = once(parent, "exit");
  parent.kill("SIGKILL");
  await ended;
  assert.equal(isRunning(parent.pid ?? 0), false);
});
