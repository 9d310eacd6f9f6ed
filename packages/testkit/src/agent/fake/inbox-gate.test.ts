import assert from "node:assert/strict";
import { test } from "node:test";
import { InboxGate } from "./inbox-gate.ts";

const rules = { queued: () => 0, permissionMode: "default", inbound: undefined };
const knock = (text: string, sender = "pid:1") => ({ sender, text, own: false });

test("a sender has thirty at once, then one every two seconds", () => {
  let now = 0;
  const gate = new InboxGate({ ...rules, now: () => now });
  const verdicts = Array.from({ length: 31 }, (_, index) => gate.admit(knock(`text ${index}`)));
  assert.deepEqual(verdicts, [...Array.from({ length: 30 }, () => "accept"), "rate-limited"]);
  assert.equal(gate.admit(knock("text 31", "pid:2")), "accept");
  now = 1999;
  assert.equal(gate.admit(knock("text 32")), "rate-limited");
  now = 2000;
  assert.equal(gate.admit(knock("text 33")), "accept");
});

test("a sender's last text is not taken twice within thirty seconds", () => {
  let now = 0;
  const gate = new InboxGate({ ...rules, now: () => now });
  assert.equal(gate.admit(knock("a")), "accept");
  now = 29_999;
  assert.equal(gate.admit(knock("a")), "duplicate");
  assert.equal(gate.admit(knock("a", "pid:2")), "accept");
  assert.equal(gate.admit(knock("b")), "accept");
  assert.equal(gate.admit(knock("a")), "accept");
});

test("who bypasses permissions holds strangers; the setting comes before everything", () => {
  const bypass = { ...rules, permissionMode: "bypassPermissions", now: () => 0 };
  assert.equal(new InboxGate(bypass).admit(knock("a")), "hold");
  assert.equal(new InboxGate(bypass).admit({ ...knock("a"), own: true }), "accept");
  assert.equal(new InboxGate({ ...bypass, inbound: "accept" }).admit(knock("a")), "accept");
  const refuse = new InboxGate({ ...bypass, inbound: "refuse" });
  assert.equal(refuse.admit({ ...knock("a"), own: true }), "refuse");
});

test("fifty messages that wait are enough", () => {
  const gate = new InboxGate({ ...rules, queued: () => 50, now: () => 0 });
  assert.equal(gate.admit(knock("a")), "queue-full");
});
