import assert from "node:assert/strict";
import { test } from "node:test";
import { hookEvent, hookOutput } from "./hook-event.ts";

const event = (name: string, more: object = {}) =>
  hookEvent({
    hook: { session_id: "s", hook_event_name: name, ...more },
    env: {},
    agent: "claude-code",
    call: "1",
    parent: 1,
  });

const meaning = (name: string, more: object = {}) => {
  const { boundary, status } = event(name, more);
  return [boundary, status];
};

test("each event says where the session is and what it does then", () => {
  assert.deepEqual(meaning("SessionStart", { source: "startup" }), ["start", "idle"]);
  assert.deepEqual(meaning("UserPromptSubmit"), ["prompt", "working"]);
  assert.deepEqual(meaning("PostToolBatch"), ["tool", "working"]);
  assert.deepEqual(meaning("Stop", { stop_hook_active: false }), ["stop", "idle"]);
  assert.deepEqual(meaning("Notification", { notification_type: "idle_prompt" }), [
    undefined,
    "idle",
  ]);
});

test("nothing is handed over where it would go wrong: in a subagent, a compaction, a turn that a Stop hook prolonged", () => {
  assert.deepEqual(meaning("PostToolBatch", { agent_id: "a" }), [undefined, "working"]);
  assert.deepEqual(meaning("SessionStart", { source: "compact" }), [undefined, undefined]);
  assert.deepEqual(meaning("Stop", { stop_hook_active: true }), [undefined, "idle"]);
  assert.deepEqual(meaning("Notification", { notification_type: "permission_prompt" }), [
    undefined,
    undefined,
  ]);
});

test("events and fields that are new or broken are passed over", () => {
  assert.deepEqual(meaning("SomethingNew"), [undefined, undefined]);
  assert.deepEqual(meaning("toString"), [undefined, undefined]);
  const odd = event("UserPromptSubmit", { cwd: 7, transcript_path: "", prompt: ["x"] });
  assert.deepEqual([odd.cwd, odd.transcript, odd.prompt], [undefined, undefined, undefined]);
});

test("an end has its reason", () => {
  assert.equal(event("SessionEnd", { reason: "clear" }).ended, "clear");
  assert.equal(event("SessionEnd").ended, "ended");
  assert.equal(event("Stop").ended, undefined);
});

test("context goes out as the event's own additional context", () => {
  assert.deepEqual(JSON.parse(hookOutput("Stop", 'a "b"\nc')), {
    hookSpecificOutput: { hookEventName: "Stop", additionalContext: 'a "b"\nc' },
  });
});
