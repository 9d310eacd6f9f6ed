import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "claudemesh-node-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const bin = join(folder, "app", "bin");
mkdirSync(bin, { recursive: true });
writeFileSync(join(folder, "package.json"), '{"type":"module"}');
cpSync(join(import.meta.dirname, "newer-node.js"), join(bin, "newer-node.js"));

/** What the program would be: it starts over once, and then is `body`. */
function script(name: string, body: string): string {
  const path = join(bin, name);
  writeFileSync(
    path,
    `if (process.env.AGAIN) { ${body} } else {
       process.env.AGAIN = "1";
       const { runNewerNode } = await import("./newer-node.js");
       runNewerNode(${JSON.stringify(path)}, 99);
     }`,
  );
  return path;
}

function start(path: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

async function ended(child: ChildProcess) {
  let text = "";
  child.stdout?.on("data", (part) => (text += part));
  child.stderr?.on("data", (part) => (text += part));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text };
}

test("without a newer Node one sentence says what to do", async () => {
  const { code, text } = await ended(start(script("none.js", "")));
  assert.equal(code, 8);
  assert.match(text, /^claudemesh needs Node 99 or newer, and this is .*: install it from .*\.\n$/);
});

test("with one, arguments, output, signals and the exit code pass through", async () => {
  mkdirSync(join(folder, "node_modules", "node", "bin"), { recursive: true });
  symlinkSync(process.execPath, join(folder, "node_modules", "node", "bin", "node"));
  const says = await ended(
    start(script("says.js", "console.log(process.argv[2]); process.exitCode = 7"), "two words"),
  );
  assert.deepEqual(says, { code: 7, text: "two words\n" });
  const waits = start(
    script(
      "waits.js",
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1e6); console.log('ready')",
    ),
  );
  if (!waits.stdout) assert.fail("no output");
  await once(waits.stdout, "data");
  const end = ended(waits);
  waits.kill("SIGTERM");
  assert.equal((await end).code, 5);
});
