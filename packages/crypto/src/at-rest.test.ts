import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import fc from "fast-check";
import { AtRestBox } from "./at-rest.ts";
import { fromBase64, toBase64, utf8 } from "./encoding.ts";
import { systemRandom } from "./random.ts";
import { ready } from "./sodium.ts";

await ready();

const refused = (error: unknown) => error instanceof MeshError && error.code === "bad_signature";

test("what is sealed opens with the same key for the same use, and twice sealed is never the same", () => {
  const box = new AtRestBox(systemRandom(32), systemRandom);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (plaintext, use) => {
      const sealed = box.seal(use, plaintext);
      assert.deepEqual(box.open(use, sealed), plaintext);
      assert.notEqual(box.seal(use, plaintext), sealed);
    }),
    { numRuns: 50 },
  );
});

test("another key, another use, any changed byte and anything shorter is refused", () => {
  const box = new AtRestBox(systemRandom(32), systemRandom);
  const sealed = box.seal("keys.json", utf8("a secret of the broker"));
  const other = new AtRestBox(systemRandom(32), systemRandom);
  assert.throws(() => other.open("keys.json", sealed), refused);
  assert.throws(() => box.open("webhook", sealed), refused);
  const bytes = fromBase64(sealed);
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => box.open("keys.json", toBase64(changed)), refused);
    assert.throws(() => box.open("keys.json", toBase64(bytes.slice(0, at))), refused);
  }
  assert.throws(() => box.open("keys.json", "not base64!"), refused);
  assert.throws(() => new AtRestBox(systemRandom(31), systemRandom), /32 bytes/);
});
