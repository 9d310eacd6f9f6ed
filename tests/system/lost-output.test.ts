import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { World } from "../cli/world.ts";

const full = "/dev/full";
const skip = existsSync(full) ? false : `there is no ${full} here`;

test("an error that cannot be written is still told by the exit code, and ends", {
  skip,
}, async () => {
  await using world = new World();
  for (const [line, exit] of [
    ["claudemesh send bob hi", 5],
    ["claudemesh fly", 3],
    ["claudemesh list --json", 0],
  ] as const) {
    const ran = await world.run("alice", `timeout -s KILL 90 ${line} 2>${full}`);
    assert.equal(ran.exit, exit, line);
  }
});

test("an answer that cannot be written is an error by name", { skip }, async () => {
  await using world = new World();
  const ran = await world.run("alice", `timeout -s KILL 90 claudemesh list >${full}`);
  assert.equal(ran.exit, 8);
  assert.match(ran.stderr, /no space left/);
});
