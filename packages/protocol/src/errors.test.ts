import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { ErrorBody } from "./error-body.ts";
import { errorTable, MeshError } from "./errors.ts";
import { parse } from "./parse.ts";

test("an error crosses the wire and comes back the same, without its cause", () => {
  const sent = new MeshError("rate_limited", "too many messages", {
    hint: "wait",
    detail: { limit: 10 },
    requestId: "req_1",
    retryAfterMs: 200,
    cause: new Error("secret inner detail"),
  });
  const wire = JSON.stringify(sent.toBody());
  assert.ok(!wire.includes("secret"));
  const back = MeshError.fromBody(ErrorBody.parse(JSON.parse(wire)));
  assert.deepEqual(back.toBody(), sent.toBody());
  assert.equal(back.row.http, 429);
});

test("a failed parse names the field", () => {
  const schema = z.strictObject({ invite: z.strictObject({ uses: z.int().min(1) }) });
  assert.throws(
    () => parse(schema, { invite: { uses: 0 } }, "input"),
    (error) =>
      error instanceof MeshError &&
      error.code === "malformed" &&
      error.message.startsWith("invite.uses: "),
  );
  assert.throws(() => parse(schema, 7, "input"), /^MeshError: input: /);
});

test("every exit code is one that the documents promise", () => {
  for (const [code, row] of Object.entries(errorTable)) {
    assert.ok([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].includes(row.exit), code);
    assert.ok(row.http >= 400 && row.http < 600, code);
    assert.match(row.summary, /^[a-z].*[^.]$/, code);
  }
});
