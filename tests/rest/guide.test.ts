import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { RestWorld } from "./rest-world.ts";

const run = promisify(execFile);
const guide = readFileSync("docs/guide/rest.md", "utf8");
const scripts = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text as string);

/** Runs one command of the guide as a newcomer would, in a shell with nothing but curl. */
async function shell(text: string, env: Record<string, string>, args: string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "claudemesh-guide-"));
  const file = join(folder, "script.sh");
  writeFileSync(file, text);
  try {
    const { PATH = "" } = process.env;
    const done = await run("sh", [file, ...args], { env: { PATH, ...env } }).catch(
      (failed: { stdout: string }) => failed,
    );
    return done.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command that goes on until it is stopped, and stops it once it has said something. */
function until(said: string, text: string, env: Record<string, string>): Promise<string> {
  const { PATH = "" } = process.env;
  const command = text.replace("--max-time 2", "--max-time 90").replace("curl", "exec curl");
  const child = spawn("sh", ["-c", command], { env: { PATH, ...env } });
  const heard = Promise.withResolvers<string>();
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes(said)) child.kill();
  });
  child.once("close", () => heard.resolve(output));
  return heard.promise;
}

test("what the guide shows with curl does what it says", async () => {
  await using world = await RestWorld.start();
  const { topic } = await world.topic("deploys");
  const key = await world.key({ topics: [topic] });
  const env = { KEY: key.secret, BROKER: world.at.url };
  const [first = "", report = ""] = scripts;
  const [, post = "", read = "", follow = "", other = ""] = first.split(/^# .*$/m);

  const posted = JSON.parse(await shell(post, env));
  assert.equal(posted.kind, "plain");
  const page = JSON.parse(await shell(read, env));
  assert.deepEqual(
    page.items.map(({ id, text }: { id: string; text: string }) => [id, text]),
    [[posted.id, "build 7 is green"]],
  );
  const followed = await until("event: message\n", follow, env);
  assert.ok(followed.includes(`id: ${posted.cursor}\nevent: message\n`), followed);
  assert.equal(JSON.parse(await shell(other, env)).error.code, "forbidden");

  const build = { ...env, BUILD_NUMBER: "8", BUILD_BRANCH: "main" };
  const reported = [
    await shell(report, build, ["success"]),
    await shell(report, build, ["success"]),
  ];
  assert.equal(reported[0], reported[1], "run again it posts nothing new");
  const after = JSON.parse(await shell(read, env));
  assert.deepEqual(
    after.items.map(({ text }: { text: string }) => text),
    ["build 7 is green", "build 8 of main: success"],
  );
  await world.client.call("apikey.revoke", { id: key.id });
  assert.equal(JSON.parse(await shell(read, env)).error.code, "unauthorized");
});
