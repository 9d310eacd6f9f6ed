import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionId } from "@claudemesh/protocol";
import { type Candidate, chooseSession, mayTake, type Waiting } from "./choose-session.ts";

const candidate = (agentSession: string, over: Partial<Candidate> = {}): Candidate => ({
  agentSession,
  session: `ses_${agentSession}` as SessionId,
  status: "idle",
  lastSeenAt: 0,
  canPush: true,
  ...over,
});
const waiting = (over: Partial<Waiting> = {}): Waiting => ({
  priority: "next",
  toSession: null,
  spoke: undefined,
  ...over,
});

test("the most recently active idle session gets a message to its member", () => {
  const all = [
    candidate("old", { lastSeenAt: 1 }),
    candidate("new", { lastSeenAt: 2 }),
    candidate("busy", { lastSeenAt: 3, status: "working" }),
  ];
  assert.deepEqual(chooseSession(waiting(), all), { push: "new" });
  assert.equal(mayTake(waiting(), { agentSession: "busy", boundary: "tool" }, all), false);
  assert.equal(mayTake(waiting(), { agentSession: "new", boundary: "prompt" }, all), true);
});

test("who last spoke in the thread gets it, also when another is idle; when that one is gone, any", () => {
  const all = [candidate("spoke", { status: "working" }), candidate("idle")];
  const message = waiting({ spoke: "spoke" });
  assert.deepEqual(chooseSession(message, all), { wait: "recipient_busy" });
  assert.equal(mayTake(message, { agentSession: "spoke", boundary: "tool" }, all), true);
  assert.equal(mayTake(message, { agentSession: "idle", boundary: "prompt" }, all), false);
  assert.deepEqual(chooseSession(waiting({ spoke: "gone" }), all), { push: "idle" });
});

test("a message to a session is for no other, not even when that one asks", () => {
  const all = [candidate("a"), candidate("b")];
  const message = waiting({ toSession: "ses_a" as SessionId });
  assert.deepEqual(chooseSession(message, all), { push: "a" });
  assert.equal(mayTake(message, { agentSession: "b", boundary: "pull" }, all), false);
  assert.deepEqual(chooseSession(message, [candidate("b")]), { wait: "no_session" });
});

test("while all work it waits, and the first that reaches a boundary takes it", () => {
  const all = [
    candidate("a", { status: "working", lastSeenAt: 9 }),
    candidate("b", { status: "working" }),
  ];
  assert.deepEqual(chooseSession(waiting(), all), { wait: "recipient_busy" });
  assert.equal(mayTake(waiting(), { agentSession: "b", boundary: "tool" }, all), true);
  assert.equal(mayTake(waiting(), { agentSession: "b", boundary: "between" }, all), false);
});

test("now goes to a working session at once; dnd stops only what is not now", () => {
  const all = [candidate("a", { status: "dnd" })];
  assert.deepEqual(chooseSession(waiting(), all), { wait: "dnd" });
  assert.equal(mayTake(waiting(), { agentSession: "a", boundary: "tool" }, all), false);
  assert.equal(mayTake(waiting(), { agentSession: "a", boundary: "pull" }, all), true);
  const now = waiting({ priority: "now" });
  assert.deepEqual(chooseSession(now, all), { push: "a" });
  const working = [candidate("a", { status: "working" })];
  assert.equal(mayTake(now, { agentSession: "a", boundary: "between" }, working), true);
});

test("low is given only to who asks", () => {
  const all = [candidate("a")];
  const low = waiting({ priority: "low" });
  assert.deepEqual(chooseSession(low, all), { wait: "asked_for" });
  assert.equal(mayTake(low, { agentSession: "a", boundary: "prompt" }, all), false);
  assert.equal(mayTake(low, { agentSession: "a", boundary: "pull" }, all), true);
});

test("an idle session that nothing can be pushed to takes it with its next prompt", () => {
  const all = [candidate("hooks", { canPush: false })];
  assert.deepEqual(chooseSession(waiting(), all), { wait: "recipient_busy" });
  assert.equal(mayTake(waiting(), { agentSession: "hooks", boundary: "prompt" }, all), true);
});
