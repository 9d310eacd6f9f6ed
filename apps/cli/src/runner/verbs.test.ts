import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError, nouns } from "@claudemesh/protocol";
import { agentVerbs } from "../local/agent/verbs.ts";
import { daemonVerbs } from "../local/daemon/verbs.ts";
import { localVerbs } from "../local/index.ts";
import { globalFields } from "./globals.ts";
import { resolve } from "./resolve.ts";
import { spellings, verbOf, verbs } from "./verbs.ts";

const find = (...argv: string[]) => {
  const found = resolve(argv, "claudemesh");
  return found.kind === "verb" ? [found.verb.words, ...found.rest] : [found.kind];
};

test("the hand-written tables are sorted", () => {
  for (const table of [agentVerbs, daemonVerbs]) {
    const words = table.map((verb) => verb.words);
    assert.deepEqual(words, [...words].sort());
  }
  const flags = globalFields.map(({ flag }) => flag);
  assert.deepEqual(flags, [...flags].sort());
});

test("summaries are imperative, begin with a capital and have no full stop", () => {
  for (const { words, summary } of verbs) assert.match(summary, /^[A-Z].{5,70}[^.]$/, words);
});

test("local verbs and operations do not share a spelling", () => {
  const all = verbs.flatMap(({ words, aliases }) => [words, ...aliases]);
  assert.equal(new Set(all).size, all.length);
  for (const { words } of localVerbs) assert.ok(spellings.get(words)?.does);
});

test("the resource form, the flat alias and the alias behind its noun are one verb", () => {
  const { words } = verbOf(nouns.message.send.name);
  assert.deepEqual(find("message", "send", "bob"), [words, "bob"]);
  assert.deepEqual(find("send", "bob"), [words, "bob"]);
  assert.deepEqual(find("mesh", "new", "x"), [verbOf(nouns.mesh.create.name).words, "x"]);
  assert.deepEqual(find("invite", "list"), [verbOf(nouns.invite.list.name).words]);
  assert.deepEqual(find("invite", "--uses", "3"), [
    verbOf(nouns.invite.create.name).words,
    "--uses",
    "3",
  ]);
  assert.deepEqual(find("--mesh", "home", "send", "bob"), [words, "--mesh", "home", "bob"]);
});

test("a pasted invite link is a join", () => {
  const link = `http://127.0.0.1:7900/i/inv_01234567-89ab-cdef-0123-456789abcdef#abcdefgh`;
  assert.deepEqual(find(link), [verbOf(nouns.invite.claim.name).words, link]);
});

test("an unknown verb is named with the nearest and never run", () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [["sned", "bob", "two words"], /^did you mean: claudemesh send bob 'two words'$/],
    [["mesh", "lst"], /^did you mean: claudemesh mesh list$/],
    [["xyzzy"], /help advanced/],
    [["mesh", "frobnicate"], /help mesh/],
  ];
  for (const [argv, hint] of cases) {
    assert.throws(
      () => resolve(argv, "claudemesh"),
      (error) =>
        error instanceof MeshError && error.code === "malformed" && hint.test(error.hint ?? ""),
    );
  }
});
