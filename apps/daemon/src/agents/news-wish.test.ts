import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { homeNewsWish, newsWish } from "./news-wish.ts";

const said = (text: string | undefined) => {
  const wish = newsWish(text);
  return wish && [[...wish.kinds], [...wish.wakes]];
};
const all = ["clock", "context", "memory", "peer", "skill", "state", "task"];

test("a wish names kinds, and which of them may wake", () => {
  assert.equal(said(undefined), undefined);
  assert.equal(said(" ,\n"), undefined);
  assert.deepEqual(said("none"), [[], []]);
  assert.deepEqual(said("state, task\nnonesuch"), [["state", "task"], []]);
  assert.deepEqual(said("clock! peer"), [["clock", "peer"], ["clock"]]);
  assert.deepEqual(said("all"), [all, []]);
  assert.deepEqual(said("all! "), [all, all]);
});

test("a home's file goes where the environment says nothing; without one nothing wakes, and who comes and goes is left out", () => {
  const home = mkdtempSync(join(tmpdir(), "claudemesh-news-"));
  try {
    const usual = homeNewsWish(home);
    assert.deepEqual(
      [...usual.kinds],
      all.filter((kind) => kind !== "peer"),
    );
    assert.equal(usual.wakes.size, 0);
    mkdirSync(join(home, "agent"));
    writeFileSync(join(home, "agent/news"), "peer!\n");
    assert.deepEqual([...homeNewsWish(home).wakes], ["peer"]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
