import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { idByEnd } from "./id-by-end.ts";

const ids = ["task_019e-0000aaaa", "task_019e-1111aaaa", "task_019e-2222bbbb"];

test("an id is named by an end that only it has", () => {
  assert.equal(idByEnd("bbbb", ids), ids[2]);
  assert.equal(idByEnd("1111aaaa", ids), ids[1]);
  const refused = (typed: string) => {
    try {
      return idByEnd(typed, ids, "look at the list");
    } catch (error) {
      assert.ok(error instanceof MeshError);
      return [error.code, error.hint];
    }
  };
  assert.deepEqual(refused("aaaa"), ["malformed", `${ids[0]} ${ids[1]}`]);
  assert.deepEqual(refused("cccc"), ["not_found", "look at the list"]);
});
