import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { safetyNumber } from "./safety-number.ts";
import { memberOf, mesh, otherMesh } from "./testing/fixtures.ts";

const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => memberOf(name).keys);
assert.ok(alice && bob && carol);

test("is six groups of five digits, the same from both sides", () => {
  const number = safetyNumber(mesh, alice, bob);
  assert.match(number, /^\d{5}( \d{5}){5}$/);
  assert.equal(safetyNumber(mesh, bob, alice), number);
});

test("changes with each key and with the mesh", () => {
  const numbers = [
    safetyNumber(mesh, alice, bob),
    safetyNumber(otherMesh, alice, bob),
    safetyNumber(mesh, { ...alice, sign: carol.sign }, bob),
    safetyNumber(mesh, { ...alice, seal: carol.seal }, bob),
    safetyNumber(mesh, alice, { ...bob, sign: carol.sign }),
    safetyNumber(mesh, alice, { ...bob, seal: carol.seal }),
    safetyNumber(mesh, { ...alice, seal: bob.seal }, { ...bob, seal: alice.seal }),
  ];
  assert.equal(new Set(numbers).size, numbers.length);
});

test("agrees with the definition, written with Node's SHA-512", () => {
  const text = [alice, bob].map(({ sign, seal }) => `{"seal":"${seal}","sign":"${sign}"}`).sort();
  const sha512 = (...parts: (string | Buffer)[]) => {
    const hash = createHash("sha512");
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const keys = sha512(
    `claudemesh/safety-number/v1\n{"members":[${text.join(",")}],"mesh":"${mesh}"}`,
  );
  let digest = Buffer.alloc(64);
  for (let round = 0; round < 5200; round++) digest = Buffer.from(sha512(digest, keys));
  const groups = [0, 5, 10, 15, 20, 25].map((at) =>
    String(digest.readUIntBE(at, 5) % 100_000).padStart(5, "0"),
  );
  assert.equal(safetyNumber(mesh, alice, bob), groups.join(" "));
});
