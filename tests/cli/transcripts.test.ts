import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fill, mismatch, parseTranscript, type Step } from "./transcript.ts";
import { World } from "./world.ts";

/** Played without daemons too; the others differ in nothing that a daemon could change. */
const bothWays: ReadonlySet<string> = new Set(["errors.txt", "first-run.txt"]);
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));

const plays = files.flatMap((file) =>
  (bothWays.has(file) ? (["on", "off"] as const) : (["on"] as const)).map((daemon) => ({
    file,
    daemon,
  })),
);

for (const { file, daemon } of plays) {
  test(`transcript ${file}, daemon ${daemon}`, async () => {
    const text = readFileSync(join(import.meta.dirname, file), "utf8");
    const steps = parseTranscript(text).filter(({ only }) => only === undefined || only === daemon);
    await using world = new World({ daemon });
    const bound = new Map<string, string>([["folder", world.folder]]);
    for (const step of steps) {
      if (step.does === "direct")
        await direct(
          step.words.map((word) => fill(word, bound)),
          world,
          bound,
        );
      else await play(file, step, world, bound);
    }
  });
}

async function play(
  file: string,
  step: Extract<Step, { does: "run" }>,
  world: World,
  bound: Map<string, string>,
): Promise<void> {
  const command = fill(step.command, bound);
  const { stdout, stderr, exit } = await world.run(step.person, command);
  const where = `${file}:${step.line} ${step.person}$ ${command}\n`;
  const everything = `\nstdout:\n${stdout}\nstderr:\n${stderr}`;
  assert.equal(exit, step.exit, `${where}exit code${everything}`);
  const wrong = mismatch(step.stdout, stdout, bound) ?? mismatch(step.stderr, stderr, bound);
  if (wrong !== undefined) assert.fail(`${where}${wrong}${everything}`);
}

async function direct(
  [word, ...args]: readonly string[],
  world: World,
  bound: Map<string, string>,
): Promise<void> {
  switch (word) {
    case "broker": {
      const [owner = "alice", ...flags] = args;
      const up = await world.startBroker(owner, ...flags);
      bound.set("url", up.url).set("slug", up.mesh.slug).set("meshId", up.mesh.id);
      bound.set("link", up.invite?.link ?? "none").set("code", up.invite?.code ?? "none");
      bound.set("port", new URL(up.url).port);
      return;
    }
    case "stop":
      return assert.equal(await world.stopBroker(), 0);
    case "damage":
      return world.damage(args[0] ?? "", args[1] ?? "");
    default:
      assert.fail(`unknown direction @${word}`);
  }
}
