import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { hunt, type Parser } from "./hunt.ts";
import { jsonLike, valuesLike } from "./inputs.ts";
import { seed } from "./numbers.ts";

const sample = { id: "a", at: 1_780_000_000_000, items: [{ id: "b" }, { id: "c" }] };
const inputs = valuesLike([sample]);
const refuse = (): never => {
  throw new MeshError("malformed", "bad");
};

/** Walks all of a value, by recursion, as no parser may. */
const size = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? Object.values(value).reduce((sum: number, item) => sum + size(item), 1)
    : 1;

function busyFor(ms: number): void {
  const before = process.threadCpuUsage();
  for (let used = 0; used < ms * 1_000; ) {
    const { user, system } = process.threadCpuUsage(before);
    used = user + system;
  }
}

const idOf = (value: unknown) => (value as { id?: unknown } | null)?.id;

/** What is slow, but does not hang, may take long on a busy machine. */
const patience = 300_000;

const planted: readonly [string, Parser<unknown>["parse"], RegExp][] = [
  ["a TypeError", (value) => (value as typeof sample).items.length, /threw TypeError/],
  ["the stack's end", size, /threw RangeError: Maximum call stack/],
  ["an error of its own", (value) => (idOf(value) === "a" ? 1 : JSON.parse("{")), /SyntaxError/],
  ["a promise", async (value) => (idOf(value) === "a" ? 1 : refuse()), /answered with a promise/],
  ["slowness", (value) => (idOf(value) === "a" ? 1 : busyFor(410)), /took \d{3,} ms/],
];

for (const [what, parse, expected] of planted) {
  test(`a parser with ${what} is caught`, () => {
    const { findings } = hunt({ name: what, inputs, parse }, seed, 4_000, patience);
    assert.match(findings.join("\n"), expected, `SEED=${seed}`);
  });
}

test("a parser that hangs is caught and the hunt goes on", () => {
  let calls = 0;
  const parse = () => {
    for (calls++; calls === 3; );
  };
  const course = hunt({ name: "hang", inputs, parse }, seed, 10, 2_000);
  assert.deepEqual(course.findings, ["input 2: no answer within 2000 ms"]);
  assert.equal(course.accepted, 9);
});

test("one that may not throw is caught with a MeshError too", () => {
  const parser = { name: "total", inputs: jsonLike([sample]), parse: refuse, accepts: () => true };
  assert.match(hunt(parser, seed, 5).findings[0] ?? "", /threw MeshError/);
});

test("a good parser is left in peace, and a seed gives the same course again", () => {
  const given: string[] = [];
  const parse = (value: unknown) => {
    given.push(String(value).slice(0, 50));
    return idOf(value) === "a" ? value : refuse();
  };
  const first = hunt(
    { name: "good", inputs: jsonLike([sample]), parse: (text) => parse(text) },
    7,
    500,
  );
  const again = hunt(
    { name: "good", inputs: jsonLike([sample]), parse: (text) => parse(text) },
    7,
    500,
  );
  assert.deepEqual([first.findings, again.findings], [[], []]);
  assert.deepEqual(given.slice(0, 500), given.slice(500));
});
