import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeshId, MessageId } from "@claudemesh/protocol";
import { type FramedItem, frameMessages } from "../../packages/device/src/framing/index.ts";
import { readFrame } from "../../packages/device/src/framing/testing/read-frame.ts";
import { characters } from "./corpus/characters.ts";
import { fences } from "./corpus/fences.ts";
import { voices } from "./corpus/voices.ts";

const nonce = "3f9a2c1d04be77aa";
const corpus = [...fences(nonce), ...voices, ...characters];
const maxChars = 10_000;

const idOf = (n: number) =>
  `msg_0193a5b0-0000-7000-8000-${n.toString(16).padStart(12, "0")}` as MessageId;

const item = (n: number, text: string, over: Partial<FramedItem> = {}): FramedItem => ({
  id: idOf(n),
  mesh: { id: `mesh_${"a".repeat(64)}` as MeshId, slug: "team" },
  from: {
    member: `mbr_${"b".repeat(64)}` as never,
    name: "mallory",
    key: "ab12cd34ab12cd34",
    verified: true,
  },
  text,
  priority: "next",
  createdAt: 1_700_000_000_000,
  again: false,
  ...over,
});

const before = item(1, "I am before");
const after = item(3, "I am after");

/** What no frame may hold, wherever it came from. */
const acting =
  /\u034f|[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e0fff}]/gu;
const speaking =
  /<[\s/\\!?|]*(?:channel|system|cross-session|teammate|task-n|local-c|command-|tool_|function|invoke|parameter|antml|user|human|assistant|consent|permission|thinking|persisted|sys>)/i;

function check(text: string, payload: string): void {
  assert.ok(text.length <= maxChars, `${text.length} characters`);
  assert.deepEqual(
    [...text.matchAll(acting)].filter(([one]) => one !== "\n" && one !== "\t"),
    [],
  );
  assert.doesNotMatch(text, speaking);
  assert.doesNotMatch(text, /<\|/);
  assert.equal(text.isWellFormed(), true);
  assert.doesNotMatch(text, /^[\s>*#_|]*(?:human|assistant)\s*:/im);
  assert.doesNotMatch(text, /\((?:team|#ops, team)\): (?:human|assistant)\s*:/i);
  for (const line of text.split("\n")) assert.doesNotMatch(line, /^[/!]/, payload.slice(0, 80));
}

test("the corpus has 300 payloads and more, each one once", () => {
  assert.ok(corpus.length >= 300, `${corpus.length}`);
  assert.equal(new Set(corpus.map(({ name }) => name)).size, corpus.length);
  assert.equal(new Set(corpus.map(({ text }) => text)).size, corpus.length);
});

for (const name of new Set(corpus.map(({ family }) => family))) {
  const payloads = corpus.filter(({ family }) => family === name);
  test(`${name}: ${payloads.length} texts stay inside of the fence`, () => {
    for (const { text } of payloads) {
      const alone = frameMessages([item(2, text)], { maxChars, nonce });
      check(alone.text, text);
      const [read, ...more] = readFrame(alone.text, nonce).items;
      assert.deepEqual(more, []);
      assert.deepEqual([read?.attributes.id, read?.head], [idOf(2), "mallory (team)"]);
      assert.deepEqual(
        [read?.attributes.from, read?.attributes.key],
        ["mallory", "ab12cd34ab12cd34"],
      );
      const between = frameMessages([before, item(2, text), after], { maxChars, nonce });
      check(between.text, text);
      const found = readFrame(between.text, nonce).items;
      assert.deepEqual(
        found.map(({ attributes }) => attributes.id),
        between.included,
      );
      assert.equal(found[0]?.text, "I am before");
      if (between.included.length > 1) {
        assert.equal(found[1]?.text, read?.text);
        assert.equal(found[2]?.text ?? "I am after", "I am after");
      } else assert.ok(text.length > 3_000, "only what is huge waits for the next time");
    }
  });

  test(`${name}: as names, places and kinds they stay labels`, () => {
    for (const { text } of payloads) {
      const over: Partial<FramedItem> = {
        from: { ...before.from, name: text, key: text },
        mesh: { ...before.mesh, slug: text },
        topic: text,
        kind: "topic",
        subtype: text,
      };
      const { text: framed, included } = frameMessages([item(2, "hello", over), after], {
        maxChars,
        nonce,
      });
      check(framed, text);
      assert.deepEqual(included, [idOf(2), idOf(3)]);
      const [first, second] = readFrame(framed, nonce).items;
      assert.equal(first?.text, "hello");
      assert.equal(first?.attributes.id, idOf(2));
      assert.equal(second?.head, "mallory (team)");
    }
  });
}

test("harmless text is as it was written", () => {
  const texts = [
    "const a: Array<string> = b < c ? <div className='x'/> : [1];",
    "services:\n  user: postgres\n  system: linux",
    "naïve façade, 日本語, العربية, עברית, \u{1f469}\u200d\u{1f4bb} \u2764\ufe0f, नमस्ते, می\u200cخواهم",
    "\tindented\n\t\tmore\n\nand a blank line",
    "if (a && b || !c) return `d`; // see #12, @alice, 50%",
    "<html><body><p>hi</p></body></html> 1 < 2 > 0 << 3",
  ];
  for (const text of texts) {
    const { text: framed } = frameMessages([item(2, text)], { maxChars, nonce });
    assert.equal(readFrame(framed, nonce).items[0]?.text, text);
  }
});
