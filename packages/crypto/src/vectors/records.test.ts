import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { recordHash, verifyRecord } from "../record.ts";
import { ready } from "../sodium.ts";
import { loadVectors } from "../testing/load-vectors.ts";
import type { recordVectors } from "./records.ts";

await ready();

test("records", () => {
  const { cases, failures } = loadVectors<typeof recordVectors>("record");
  for (const { hash, key, signed, write } of cases) {
    assert.equal(signed.author, key);
    verifyRecord(write, signed);
    assert.equal(recordHash(write, signed.id), hash);
  }
  for (const { error, name, signed, write } of failures) {
    assert.throws(
      () => verifyRecord(write, signed),
      (thrown) => thrown instanceof MeshError && thrown.code === error,
      name,
    );
  }
});
