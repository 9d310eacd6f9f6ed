import assert from "node:assert/strict";
import { test } from "node:test";
import { ranked } from "./rank.ts";
import { snippetOf } from "./snippet.ts";
import { matchOf, parseTerms, wordsOf } from "./terms.ts";

test("what is typed becomes words, phrases and beginnings, never syntax", () => {
  assert.equal(
    matchOf(parseTerms('Zürich "two words" dep* a-b NEAR(x)')),
    '"zurich" "two words" "dep"* "a b" "near x"',
  );
  assert.equal(matchOf(parseTerms('"open quote')), '"open quote"');
  assert.deepEqual(wordsOf("Größe, naïve 東京 x_y"), ["große", "naive", "東京", "x", "y"]);
});

test("a snippet begins near the match and cuts at words", () => {
  const text = `${"lorem ipsum ".repeat(30)}the needle\nis here ${"dolor sit ".repeat(30)}`;
  const snippet = snippetOf(text, parseTerms("needle"));
  assert.match(snippet, /^….*the needle is here.*…$/);
  assert.ok(snippet.length <= 142);
  assert.equal(snippetOf("short", parseTerms("x")), "short");
  assert.ok(snippetOf("x".repeat(500), parseTerms("x*")).endsWith("…"));
});

test("more of the words in less text comes first, then the newest", () => {
  const row = (text: string, created_at: number) => ({ text, created_at });
  const rows = [
    row("kiwi and many other words here", 3),
    row("kiwi kiwi", 1),
    row("kiwi", 2),
    row("kiwi", 4),
  ];
  const order = ranked(rows, parseTerms("kiwi")).map(({ created_at }) => created_at);
  assert.deepEqual(order, [1, 4, 2, 3]);
});
