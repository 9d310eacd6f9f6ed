import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { isCollision, storageCode, storageError } from "./errors.ts";

const failing = (message: string, code?: string) =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

const cases: readonly (readonly [
  code: string | undefined,
  message: string,
  is: string | undefined,
])[] = [
  ["53100", "could not extend file", "disk_full"],
  ["53300", "too many connections", "unavailable"],
  ["57P01", "terminating connection", "unavailable"],
  ["57014", "canceling statement due to statement timeout", "unavailable"],
  ["08006", "connection failure", "unavailable"],
  ["ECONNREFUSED", "connect ECONNREFUSED", "unavailable"],
  [undefined, "Connection terminated unexpectedly", "unavailable"],
  [undefined, "timeout exceeded when trying to connect", "unavailable"],
  ["25006", "cannot execute INSERT in a read-only transaction", "not_writable"],
  ["42501", "permission denied for table log", "not_writable"],
  ["28P01", "password authentication failed", "unauthorized"],
  ["3D000", "database does not exist", "not_found"],
  ["XX001", "invalid page in block", "home_damaged"],
  ["23505", "duplicate key value", undefined],
  ["42P01", "relation does not exist", undefined],
  [undefined, "undefined is not a function", undefined],
];

for (const [code, message, is] of cases) {
  test(`${code ?? "an error without a code"}, "${message}", is ${is ?? "no fault of storage"}`, () => {
    assert.equal(storageCode(failing(message, code)), is);
  });
}

test("the message of a storage error does not repeat what the driver says, which may name the address", () => {
  const cause = failing("connect ECONNREFUSED postgres://role:secret@host", "ECONNREFUSED");
  const error = storageError(cause);
  assert.ok(error instanceof MeshError);
  assert.doesNotMatch(error.message, /secret/);
  assert.equal(error.cause, cause);
});

test("what comes back as it is: a MeshError, and what is no fault of storage", () => {
  const own = new MeshError("conflict", "another");
  const other = new Error("other");
  assert.equal(storageError(own), own);
  assert.equal(storageError(other), other);
});

test("transactions that stood in each other's way may be begun again", () => {
  assert.equal(isCollision(failing("deadlock detected", "40P01")), true);
  assert.equal(isCollision(failing("could not serialize", "40001")), true);
  assert.equal(isCollision(failing("duplicate key", "23505")), false);
});
