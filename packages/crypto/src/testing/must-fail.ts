import assert from "node:assert/strict";
import { type ErrorCode, MeshError } from "@claudemesh/protocol";

/** Runs `act`, which must throw a `MeshError` of `code`, and gives that error. */
export function mustFail(code: ErrorCode, act: () => unknown, name = "act"): MeshError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof MeshError, `${name}: ${String(error)}`);
    assert.equal(error.code, code, `${name}: ${error.message}`);
    return error;
  }
  assert.fail(`${name}: expected ${code}, but nothing was thrown`);
}
