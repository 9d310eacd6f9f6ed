import assert from "node:assert/strict";
import { test } from "node:test";
import { seeded } from "../faults/seeded.ts";
import { PipeEnd } from "./pipe.ts";
import { SimProcess } from "./sim-process.ts";
import { World } from "./world.ts";

const way = { delayMs: 10, jitterMs: 5, bytesPerSecond: 0, stalled: false, silent: false };

test("what is due first happens first, and what is due together happens in the order in which it was asked for", async () => {
  const world = new World(1);
  const random = seeded(1);
  const seen: number[] = [];
  const times = Array.from({ length: 500 }, () => random.below(50));
  for (const at of times) world.after(at, () => seen.push(at));
  const cancelled = world.after(7, () => assert.fail("it was cancelled"));
  cancelled();
  assert.ok(await world.passUntil(world.pause(100), 200));
  assert.deepEqual(
    seen,
    times.toSorted((a, b) => a - b),
  );
  assert.equal(world.now, 100);
});

test("what never settles is told, at the limit or when nothing is left to happen", async () => {
  const world = new World(1);
  const never = new Promise(() => {});
  world.after(10, () => {});
  assert.equal(await world.passUntil(never, 1_000), false);
  assert.equal(world.now, 10);
  world.after(5_000, () => {});
  assert.equal(await world.passUntil(never, 1_000), false);
  assert.equal(world.now, 1_010);
});

test("the dead neither wake nor speak", async () => {
  const world = new World(1);
  const process = new SimProcess(world, "p#1");
  const [near, far] = PipeEnd.pair(world, seeded(1), way);
  process.owns(near);
  const heard: string[] = [];
  far.on("data", (chunk: Buffer) => heard.push(String(chunk)));
  const gone = new Promise((resolve) => far.once("close", resolve));
  process.after(50, () => assert.fail("it woke"));
  near.write("before");
  await world.passUntil(world.pause(20), 100);
  process.die(true);
  near.write("after");
  assert.ok(await world.passUntil(gone, 1_000));
  assert.deepEqual(heard, ["before"]);
});

test("bytes keep their order, wait out a stall, and are gone with a line that went silent", async () => {
  const world = new World(1);
  const line = { ...way };
  const [near, far] = PipeEnd.pair(world, seeded(2), line);
  let heard = "";
  far.on("data", (chunk: Buffer) => {
    heard += chunk;
  });
  for (const part of ["a", "b", "c"]) near.write(part);
  line.stalled = true;
  await world.passUntil(world.pause(500), 1_000);
  assert.equal(heard, "");
  line.stalled = false;
  await world.passUntil(world.pause(500), 1_000);
  assert.equal(heard, "abc");
  line.silent = true;
  near.write("d");
  line.silent = false;
  near.write("e");
  await world.passUntil(world.pause(500), 1_000);
  assert.equal(heard, "abc");
});
