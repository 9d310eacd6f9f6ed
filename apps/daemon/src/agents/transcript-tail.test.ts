import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { TranscriptTail } from "./transcript-tail.ts";

const folder = mkdtempSync(join(tmpdir(), "claudemesh-transcript-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function transcript(text = ""): {
  path: string;
  add: (line: unknown) => void;
  tail: TranscriptTail;
} {
  files += 1;
  const path = join(folder, `${files}.jsonl`);
  writeFileSync(path, text);
  const add = (line: unknown) =>
    appendFileSync(path, typeof line === "string" ? line : `${JSON.stringify(line)}\n`);
  return { path, add, tail: new TranscriptTail(path) };
}

test("an id counts in what the model was shown or said, not in what waits in the agent's queue", () => {
  const { add, tail } = transcript();
  add({ type: "queue-operation", content: "msg_a" });
  add({ type: "user", message: { content: 'id="msg_b"' } });
  add({ type: "attachment", attachment: { content: ["msg_c"] } });
  assert.deepEqual(tail.find(["msg_a", "msg_b", "msg_c", "msg_d"]), ["msg_b", "msg_c"]);
  add({ type: "assistant", message: "about msg_a" });
  assert.deepEqual(tail.find(["msg_a"]), ["msg_a"]);
});

test("an id that is looked for only after its line was read is found", () => {
  const { add, tail } = transcript();
  add({ type: "user", text: "msg_b" });
  assert.deepEqual(tail.find(["msg_a"]), []);
  assert.deepEqual(tail.find(["msg_a", "msg_b"]), ["msg_b"]);
  assert.deepEqual(tail.find(["msg_a", "msg_b"]), []);
});

test("a line that is written in pieces is read once it is whole; one that is no JSON proves nothing", () => {
  const { add, tail } = transcript();
  add('{"type":"user","text":"msg_');
  assert.deepEqual(tail.find(["msg_a"]), []);
  add('a"}');
  assert.deepEqual(tail.find(["msg_a"]), []);
  add("\n");
  assert.deepEqual(tail.find(["msg_a"]), ["msg_a"]);
  add("msg_b is not JSON\n");
  assert.deepEqual(tail.find(["msg_b"]), []);
});

test("a file that is missing, cut, or a folder shows nothing and stops nothing", () => {
  assert.deepEqual(new TranscriptTail(join(folder, "none")).find(["msg_a"]), []);
  assert.deepEqual(new TranscriptTail(folder).find(["msg_a"]), []);
  const { path, add, tail } = transcript(
    `${JSON.stringify({ type: "user", text: "x".repeat(500) })}\n`,
  );
  tail.find(["msg_a"]);
  writeFileSync(path, "");
  add({ type: "user", text: "msg_a" });
  assert.deepEqual(tail.find(["msg_a"]), ["msg_a"]);
});

test("each look is bounded, and the last one reads to the end of a long file", () => {
  const { add, tail, path } = transcript();
  const filler = `${JSON.stringify({ type: "user", text: "x".repeat(1_000_000) })}\n`;
  tail.find([]);
  for (let i = 0; i < 3; i += 1) add(filler);
  add({ type: "user", text: "msg_a" });
  assert.deepEqual(tail.find(["msg_a"]), []);
  assert.deepEqual(new TranscriptTail(path).find(["msg_a"], true), ["msg_a"]);
  tail.leap();
  assert.deepEqual(tail.find(["msg_a"], true), ["msg_a"]);
});

test("a line too long to hold is passed over, and what comes after it is read", () => {
  const { add, tail } = transcript();
  tail.find([]);
  add(JSON.stringify({ type: "user", text: "x".repeat(6_000_000) }));
  for (let i = 0; i < 7; i += 1) tail.find(["msg_a"]);
  add('\n{"type":"user","text":"msg_a"}\n');
  assert.deepEqual(tail.find(["msg_a"]), ["msg_a"]);
});
