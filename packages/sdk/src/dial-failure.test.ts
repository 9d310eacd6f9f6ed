import assert from "node:assert/strict";
import { test } from "node:test";
import { dialFailure } from "./dial-failure.ts";

const coded = (code: string) => Object.assign(new Error("no"), { code });

test("the code is found wherever the platform hides it", () => {
  const refused = coded("ECONNREFUSED");
  for (const error of [
    refused,
    { error: refused },
    new TypeError("fetch failed", { cause: refused }),
    { error: new AggregateError([refused, refused]) },
    new TypeError("fetch failed", {
      cause: Object.assign(new AggregateError([refused]), { code: "X" }),
    }),
  ]) {
    assert.equal(dialFailure(error), "connection refused");
  }
  assert.equal(dialFailure(coded("CERT_HAS_EXPIRED")), "TLS failed (CERT_HAS_EXPIRED)");
});

test("without a code the message serves, and nothing is made up", () => {
  assert.equal(
    dialFailure({ message: "Unexpected server response: 503" }),
    "Unexpected server response: 503",
  );
  assert.equal(dialFailure({ message: "", error: new Error("deep") }), undefined);
  assert.equal(dialFailure(undefined), undefined);
  const circular: { cause?: unknown } = {};
  circular.cause = circular;
  assert.equal(dialFailure(circular), undefined);
});
