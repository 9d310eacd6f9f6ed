import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "./encoding.ts";
import { createIdentitySeed, deriveMember } from "./member-keys.ts";
import { sealTo } from "./opener.ts";
import { challenge, mesh, otherMesh } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";

const seed = () => createIdentitySeed(seededRandom("seed"));

test("the same seed, scope and generation give the same keys; any other, other keys", () => {
  const base = deriveMember(seed(), { mesh }, 0).keys;
  assert.deepEqual(deriveMember(seed(), { mesh }, 0).keys, base);
  const others = [
    deriveMember(seed(), { mesh }, 1),
    deriveMember(seed(), { mesh: otherMesh }, 0),
    deriveMember(seed(), { genesisNonce: challenge }, 0),
    deriveMember(createIdentitySeed(seededRandom("other")), { mesh }, 0),
  ].map(({ keys }) => keys);
  const all = [base, ...others].flatMap(({ sign, seal }) => [sign, seal]);
  assert.equal(new Set<string>(all).size, 10);
});

test("signer and opener hold the secrets of the public keys", () => {
  const { signer, opener, keys } = deriveMember(seed(), { mesh }, 0);
  assert.deepEqual({ sign: signer.key, seal: opener.key }, keys);
  const sealed = sealTo(keys.seal, utf8("x"), seededRandom("e"));
  assert.deepEqual(opener.open(sealed), utf8("x"));
});

test("a member secret prints none of it", () => {
  const text = JSON.stringify(deriveMember(seed(), { mesh }, 0));
  assert.match(text, /"signer":"\[signing key\]","opener":"\[sealing key\]"/);
});

test("refuses seeds, generations and nonces of another form", () => {
  mustFail("malformed", () => deriveMember(new Uint8Array(31), { mesh }, 0));
  for (const generation of [-1, 0.5, Number.NaN, 2 ** 53]) {
    mustFail("malformed", () => deriveMember(seed(), { mesh }, generation));
  }
  for (const genesisNonce of ["", "AA", "%"]) {
    mustFail("malformed", () => deriveMember(seed(), { genesisNonce }, 0));
  }
});
