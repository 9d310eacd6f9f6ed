import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { LateAnswers } from "./late-answers.ts";

const socket = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });

test("an answer comes when its time is over, none to a socket that is gone, and a flood holds only so many", () => {
  const due = new Set<() => void>();
  const after = (_ms: number, run: () => void) => {
    due.add(run);
    return () => void due.delete(run);
  };
  const late = new LateAnswers({ after, every: () => () => {} });
  const answered: string[] = [];

  const [stays, goes] = [socket(), socket()];
  late.give(stays, () => answered.push("stays"));
  late.give(goes, () => answered.push("goes"));
  assert.equal(answered.length, 0);
  goes.emit("close");
  for (const run of due) run();
  assert.equal(answered.join(), "stays");
  assert.equal(due.size, 0);
  assert.equal(stays.listenerCount("close"), 0);

  for (let n = 0; n < 2_001; n += 1) late.give(socket(), () => answered.push("flood"));
  assert.equal(answered.length, 2, "one more than are held");
  for (const run of due) run();
  assert.equal(answered.length, 2_002);
});
