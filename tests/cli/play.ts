import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { fill, type Mode, mismatch, parseTranscript, type Step } from "./transcript.ts";
import { World } from "./world.ts";

/**
 * Plays the transcript that lies beside a test file, once for each way of reaching the device that is asked for.
 * Each transcript has a test file of its own, so that the test pool runs them side by side.
 */
export function playTranscript(testFile: string, modes: readonly Mode[] = ["on"]): void {
  const path = testFile.replace(/\.test\.ts$/, ".txt");
  const file = basename(path);
  for (const daemon of modes) {
    test(`transcript ${file}, daemon ${daemon}`, async () => {
      await using world = new World({ daemon });
      await play(path, daemon, world);
    });
  }
}

/** Plays one transcript in a world that is new, but for the steps that are left out. */
export async function play(
  path: string,
  daemon: Mode,
  world: World,
  isLeftOut: (step: Step) => boolean = () => false,
): Promise<void> {
  const bound = new Map<string, string>([["folder", world.folder]]);
  for (const step of parseTranscript(readFileSync(path, "utf8"))) {
    if (isLeftOut(step) || (step.only !== undefined && step.only !== daemon)) continue;
    if (step.does === "direct") await direct(step, world, bound);
    else await run(basename(path), step, world, bound);
  }
}

async function run(
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
  { words }: Extract<Step, { does: "direct" }>,
  world: World,
  bound: Map<string, string>,
): Promise<void> {
  const [word, ...args] = words.map((one) => fill(one, bound));
  switch (word) {
    case "broker": {
      const [owner = "alice", ...flags] = args;
      const up = await world.startBroker(owner, ...flags);
      bound.set("url", up.url).set("slug", up.mesh.slug).set("meshId", up.mesh.id);
      bound.set("link", up.invite?.link ?? "none").set("code", up.invite?.code ?? "none");
      bound.set("port", new URL(up.url).port);
      return;
    }
    case "team": {
      const [inviter = "alice", ...others] = args;
      return world.gather(inviter, others);
    }
    case "stop":
      return assert.equal(await world.stopBroker(), 0);
    case "damage":
      return world.damage(args[0] ?? "", args[1] ?? "");
    default:
      assert.fail(`unknown direction @${word}`);
  }
}
