import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxRow } from "../store/outbox-rows.ts";
import { stateWhenSent } from "./state-when-sent.ts";

const row = (some: Partial<OutboxRow>) => ({ seq: null, ends_as: null, ...some }) as OutboxRow;

test("a receipt that has come by then does not change what sending answers", () => {
  for (const state of ["accepted", "stored", "offered", "held"] as const)
    assert.equal(stateWhenSent(row({ state, seq: 7 })), "accepted");
});

test("what the broker has not got, or got as a void, says so", () => {
  assert.equal(stateWhenSent(undefined), "queued");
  assert.equal(stateWhenSent(row({ state: "queued" })), "queued");
  assert.equal(stateWhenSent(row({ state: "undeliverable" })), "undeliverable");
  assert.equal(stateWhenSent(row({ state: "refused", ends_as: "refused", seq: 8 })), "refused");
});
