import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, test } from "node:test";
import { createMeshKey, keyCommitment } from "./commitment.ts";
import { fromBase64 } from "./encoding.ts";
import { mac, macEquals } from "./mac.ts";
import { ready } from "./sodium.ts";
import { mesh, otherMesh } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";

before(ready);

const key = new Uint8Array(32).fill(7);

test("a MAC is HMAC-SHA256 as base64url, and needs a whole key", () => {
  for (const text of ["", "cursor", "ça 🦊"]) {
    assert.equal(mac(key, text), createHmac("sha256", key).update(text).digest("base64url"));
  }
  mustFail("malformed", () => mac(key.subarray(1), "cursor"));
});

test("MACs are equal only when every character is", () => {
  const made = mac(key, "cursor");
  assert.equal(macEquals(made, mac(key, "cursor")), true);
  for (const other of [mac(key, "curso"), made.slice(1), `${made}A`, "", `é${made.slice(2)}`]) {
    assert.equal(macEquals(made, other), false);
    assert.equal(macEquals(other, made), false);
  }
});

test("a commitment pins mesh and key, and the key is 32 bytes", () => {
  const random = seededRandom("mesh keys");
  const [one, two] = [createMeshKey(random), createMeshKey(random)];
  assert.equal(fromBase64(one).length, 32);
  const commitments = [
    keyCommitment(mesh, one),
    keyCommitment(mesh, two),
    keyCommitment(otherMesh, one),
    keyCommitment("", one),
  ];
  assert.equal(new Set(commitments).size, 4);
  for (const bad of ["", "AAAA", `${one}A`, `${one}=`]) {
    mustFail("malformed", () => keyCommitment(mesh, bad));
  }
});
