import assert from "node:assert/strict";
import { test } from "node:test";
import { checkHistory } from "../history/check.ts";
import type { HistoryEvent } from "../history/event.ts";
import { judgeCorrupted } from "./corrupted-verdict.ts";

const said = { at: 0, process: "a#1", value: "v" } as const;
const attempt = { ...said, kind: "attempt", from: "a", to: "b" } as const;
const sent = { ...said, kind: "acknowledged", id: "1", seq: 1 } as const;
const shown = { ...said, kind: "shown", by: "b", id: "1", again: false } as const;

const judged = (
  events: readonly HistoryEvent[],
  code = "",
  text = "",
  finding = "a wrong place",
) => {
  const report = checkHistory(events);
  const verdict = { report, isGood: false, findings: [finding], stories: new Map() };
  const alarms = code === "" ? [] : [{ kind: "alarm", code, text } as const];
  return judgeCorrupted(verdict, alarms).isGood;
};

test("where bits flip, what the broker says may be wrong, and what is shown may not", () => {
  assert.ok(judged([attempt, sent, shown], "malformed"));
  assert.ok(!judged([attempt, sent, shown, shown]), "shown twice as new");
  assert.ok(!judged([attempt, sent, { ...shown, value: "w" }]), "never written");
  assert.ok(!judged([attempt, sent, { ...shown, by: "c" }]), "at another recipient");
});

test("where bits flip, what does not arrive is told, and nothing crashes", () => {
  assert.ok(!judged([attempt, sent]));
  assert.ok(!judged([attempt, sent], "unauthorized", "the hello answers another challenge"));
  assert.ok(judged([attempt, sent], "message_missing", "a message from a is missing"));
  assert.ok(judged([attempt, sent], "", "", "v: its sender takes it for refused (malformed)"));
  assert.ok(!judged([attempt, sent], "", "", "v: its sender takes it for accepted"));
  assert.ok(!judged([attempt, sent], "", "", "w: its sender takes it for refused (malformed)"));
  assert.ok(!judged([attempt, sent, shown], "crashed"));
});
