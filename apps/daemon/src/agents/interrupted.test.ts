import assert from "node:assert/strict";
import { test } from "node:test";
import { endsInterrupted } from "./interrupted.ts";

const line = (type: string, content: unknown) =>
  `${JSON.stringify({ type, message: { content } })}\n`;
const text = (said: string) => [{ type: "text", text: said }];
const stopped = line("user", text("[Request interrupted by user]"));

test("an interruption counts while nothing was said after it, whatever else the agent notes", () => {
  assert.equal(endsInterrupted(line("assistant", text("I will")) + stopped), true);
  assert.equal(endsInterrupted(line("user", "[Request interrupted by user for tool use]")), true);
  assert.equal(endsInterrupted(`${stopped}{"type":"queue-operation"}\n{"type":"us`), true);
  assert.equal(endsInterrupted(stopped + line("user", text("go on"))), false);
  assert.equal(endsInterrupted(stopped + line("assistant", text("I will"))), false);
});

test("what only speaks of an interruption is none", () => {
  assert.equal(endsInterrupted(line("user", text("it said [Request interrupted by user]"))), false);
  const result = [{ type: "tool_result", content: "[Request interrupted by user]" }];
  assert.equal(endsInterrupted(line("user", result)), false);
  assert.equal(endsInterrupted("null\n[]\nnot json\n"), false);
});
