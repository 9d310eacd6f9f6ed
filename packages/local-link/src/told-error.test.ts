import assert from "node:assert/strict";
import { test } from "node:test";
import { ErrorBody, MeshError } from "@claudemesh/protocol";
import { toldError } from "./told-error.ts";

test("an error comes over the link as it was thrown, with every field that it may have", () => {
  const thrown = new MeshError("rate_limited", "too fast", {
    hint: "wait",
    detail: { field: "to", known: [] },
    requestId: "req_1",
    retryAfterMs: 250,
  });
  const body: unknown = JSON.parse(JSON.stringify(thrown.toBody()));
  assert.deepEqual(toldError(body)?.toBody(), thrown.toBody());
  assert.deepEqual(Object.keys(thrown.toBody()).sort(), Object.keys(ErrorBody.shape).sort());
});

test("what is no error of the table is none", () => {
  const cases = [undefined, null, [], "text", {}, { code: "constructor", message: "x" }];
  for (const body of [...cases, { code: "offline" }, { code: "offline", message: 1 }]) {
    assert.equal(toldError(body), undefined, JSON.stringify(body));
    assert.equal(ErrorBody.safeParse(body).success, false);
  }
});
