import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type AnyOp, edgeOpNames, ops, restRoute } from "@claudemesh/protocol";
import { verbs } from "../../apps/cli/src/runner/verbs.ts";
import { catalogue } from "../tools/catalogue.ts";
import { toolRows } from "../tools/rows/index.ts";
import { playedVerbs } from "./played.ts";
import { sharedNouns } from "./shared-nouns.ts";

const shared: readonly AnyOp[] = edgeOpNames
  .map((name): AnyOp => ops[name])
  .filter(({ name }) => sharedNouns.includes(name.split(".")[0] ?? ""));

const texts = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));

/** The guides whose curl lines a test of theirs runs one by one, and reads the answer of. */
const run = ["automation", "files", "shared-data", "skills", "streams", "vault"];

/** What no program with a key can make: its input is signed and sealed by a member's device. */
const signed = ["vault.set"];

/** What a device asks for by itself, for what people and agents see. */
const inner = ["stream.follow"];

interface Asked {
  readonly method: string;
  readonly path: string;
}

/** What the curl lines of a guide ask for. */
function askedIn(guide: string): Asked[] {
  const path = join(import.meta.dirname, `../../docs/guide/${guide}.md`);
  const lines =
    readFileSync(path, "utf8")
      .replaceAll("\\\n", " ")
      .match(/^curl .*$/gm) ?? [];
  return lines.flatMap((line) => {
    const [, asked] = /\$BROKER(\/v1\/[^\s"?]+)/.exec(line) ?? [];
    const [, method] = /\s-X (\w+)/.exec(line) ?? [];
    const usual = /\s(?:-d|--data\S*) /.test(line) ? "POST" : "GET";
    return asked === undefined ? [] : [{ method: method ?? usual, path: asked }];
  });
}

const isRoute = (declared: AnyOp, { method, path }: Asked): boolean => {
  const route = restRoute(declared);
  const form = route.path.replaceAll(/\{\w+\}/g, "[^/]+");
  return route.method === method && new RegExp(`^${form}$`).test(path);
};

test("the operations of what is shared are there", () => {
  const there = new Set(shared.map(({ name }) => name.split(".")[0]));
  assert.deepEqual([...there].toSorted(), [...sharedNouns].toSorted());
  const tools = new Set(shared.map(({ tool }) => tool));
  const missing = sharedNouns.flatMap((noun) =>
    (catalogue[noun] ?? []).filter((tool) => !tools.has(tool)),
  );
  assert.deepEqual(missing, [], "the catalogue has tools that nothing declares");
});

test("each has a transcript that runs its verb with success", () => {
  const played = new Set(texts.flatMap(playedVerbs));
  const missing = verbs
    .filter(({ does }) => "op" in does && shared.some(({ name }) => name === does.op))
    .map(({ words }) => words)
    .filter((words) => !played.has(words));
  assert.deepEqual(missing, []);
});

test("each that an API key may ask for has a curl line in a guide that a test runs", () => {
  const asked = run.flatMap(askedIn);
  const missing = shared
    .filter(({ key, name }) => key !== undefined && !signed.includes(name))
    .filter((declared) => !asked.some((one) => isRoute(declared, one)))
    .map((declared) => `${declared.name}: ${restRoute(declared).path}`);
  assert.deepEqual(missing, []);
});

test("each tool is called", () => {
  const missing = shared.flatMap(({ tool }) =>
    tool === undefined || Object.hasOwn(toolRows, tool) ? [] : [tool],
  );
  assert.deepEqual(missing, []);
});

test("each is reached in one of these ways", () => {
  const typed = new Set<string>(verbs.flatMap(({ does }) => ("op" in does ? [does.op] : [])));
  const missing = shared
    .filter(({ name, key, tool }) => !typed.has(name) && key === undefined && tool === undefined)
    .map(({ name }) => name);
  assert.deepEqual(missing, inner);
});
