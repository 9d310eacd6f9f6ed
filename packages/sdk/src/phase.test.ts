import assert from "node:assert/strict";
import { test } from "node:test";
import { type Phase, type Signal, step } from "./phase.ts";

const walk = (from: Phase, ...signals: Signal[]): Phase => {
  let phase = from;
  for (const signal of signals) {
    const to = step(phase, signal);
    assert.ok(to !== "breach" && to !== "ignore", `${signal} while ${phase}`);
    phase = to;
  }
  return phase;
};

test("a connection's usual life", () => {
  assert.equal(
    walk("waiting", "dial", "challenged", "welcomed", "spoke", "lost", "dial"),
    "dialling",
  );
  assert.equal(walk("open", "pause", "dial", "challenged", "refused", "lost"), "waiting");
});

test("the end can come at any time and is final", () => {
  const phases: Phase[] = ["dialling", "greeting", "refused", "open", "waiting", "paused"];
  for (const phase of phases) assert.equal(step(phase, "end"), "closed");
  const signals: Signal[] = [
    "challenged",
    "welcomed",
    "refused",
    "spoke",
    "dial",
    "lost",
    "pause",
    "end",
  ];
  for (const signal of signals) assert.equal(step("closed", signal), "ignore");
});
