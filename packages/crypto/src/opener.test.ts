import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { SealKey } from "@claudemesh/protocol";
import fc from "fast-check";
import { fromBase64, toBase64 } from "./encoding.ts";
import { Opener, sealTo } from "./opener.ts";
import { ready, sodium } from "./sodium.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";

before(ready);

const opener = (name: string) => new Opener(seededRandom(name)(32));

test("what is sealed opens, and opens for nobody else", () => {
  const [bob, eve] = [opener("bob"), opener("eve")];
  const random = seededRandom("seal");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (plaintext) => {
      const sealed = sealTo(bob.key, plaintext, random);
      assert.deepEqual(bob.open(sealed), plaintext);
      mustFail("bad_signature", () => eve.open(sealed));
    }),
    { numRuns: 50 },
  );
});

test("is libsodium's crypto_box_seal, in both directions", () => {
  const secret = seededRandom("bob")(32);
  const bob = new Opener(secret);
  const key = fromBase64(bob.key);
  const plaintext = Uint8Array.of(1, 2, 3);
  const sealed = sealTo(bob.key, plaintext, seededRandom("ephemeral"));
  assert.deepEqual(sodium.crypto_box_seal_open(sealed, key, secret), plaintext);
  assert.deepEqual(bob.open(sodium.crypto_box_seal(plaintext, key)), plaintext);
  assert.equal(sealed.length, plaintext.length + sodium.crypto_box_SEALBYTES);
});

test("one changed bit anywhere is refused, and so is every cut", () => {
  const bob = opener("bob");
  const sealed = sealTo(bob.key, Uint8Array.of(7), seededRandom("ephemeral"));
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.with(at, (sealed[at] ?? 0) ^ 1);
    mustFail("bad_signature", () => bob.open(changed), `byte ${at}`);
    mustFail("bad_signature", () => bob.open(sealed.subarray(0, at)), `cut at ${at}`);
  }
});

const lowOrder = [
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
].map((text) => Uint8Array.from(Buffer.from(text, "hex")));

test("points of low order are refused, as recipient and as ephemeral key", () => {
  const bob = opener("bob");
  for (const point of lowOrder) {
    const key = toBase64(point) as SealKey;
    mustFail("malformed", () => sealTo(key, Uint8Array.of(1), seededRandom("x")));
    const box = new Uint8Array(64);
    box.set(point);
    mustFail("bad_signature", () => bob.open(box));
  }
});

test("a key of another length is refused by name", () => {
  const error = mustFail("malformed", () =>
    sealTo("AAAA" as SealKey, Uint8Array.of(1), seededRandom("x")),
  );
  assert.match(error.message, /sealing key/);
});
