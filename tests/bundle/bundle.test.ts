import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "claudemesh-bundle-"));
// Away from the checkout, so that nothing of its node_modules can be found.
const program = join(folder, "installed", "claudemesh.js");

const run = (home: string, ...args: string[]) => {
  const env = { ...process.env, CLAUDEMESH_HOME: join(folder, home) };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    env,
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, `claudemesh ${args.join(" ")}: ${stderr}`);
  return stdout;
};

before(() => {
  const built = join(folder, "built");
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(root, "scripts/bundle.ts"), "--out", built],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  cpSync(built, join(folder, "installed"), { recursive: true });
  for (const home of ["anna", "bob"]) mkdirSync(join(folder, home), { mode: 0o700 });
});

after(() => {
  // Their daemons go first: what they still write would keep their homes.
  for (const home of ["anna", "bob"]) run(home, "daemon", "stop");
  rmSync(folder, { recursive: true, force: true });
});

test("the bundle knows its version and its help", () => {
  assert.match(run("anna", "--version"), /^claudemesh \d+\.\d+\.\d+\n$/);
  assert.match(run("anna", "help"), /claudemesh/);
});

test("two people talk with nothing but the bundle", async () => {
  const env = { ...process.env, CLAUDEMESH_HOME: join(folder, "anna") };
  const broker = spawn(process.execPath, [program, "up", "--port", "0", "--name", "anna"], {
    env,
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const link = await linkIn(createInterface(broker.stdout));
    run("bob", "join", link, "--name", "bob");
    run("anna", "send", "bob", "from one file to another");
    assert.match(run("bob", "inbox"), /from one file to another/);
  } finally {
    const ended = new Promise((resolve) => broker.once("exit", resolve));
    broker.kill("SIGTERM");
    await ended;
  }
});

async function linkIn(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const link = /join '([^']+)'/.exec(line)?.[1];
    if (link !== undefined) return link;
  }
  throw new Error("up ended without an invite");
}
