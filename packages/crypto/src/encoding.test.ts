import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { base64Ways } from "./base64.ts";
import { fromBase64, fromUtf8, toBase64, toHex, utf8 } from "./encoding.ts";
import { ready, sodium } from "./sodium.ts";
import { mustFail } from "./testing/must-fail.ts";

before(ready);

test("base64url round-trips and agrees with Node's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = toBase64(bytes);
      assert.equal(text, Buffer.from(bytes).toString("base64url"));
      assert.deepEqual(fromBase64(text), bytes);
      assert.equal(toHex(bytes), Buffer.from(bytes).toString("hex"));
    }),
  );
});

test("every text is refused or is the one spelling of its bytes", () => {
  const alphabet = fc.constantFrom(..."AQgwBCDZaz059-_=+/ \n".split(""));
  fc.assert(
    fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
      const bytes = Buffer.from(text, "base64url");
      if (bytes.toString("base64url") === text) {
        assert.deepEqual(fromBase64(text), Uint8Array.from(bytes));
      } else mustFail("malformed", () => fromBase64(text), JSON.stringify(text));
    }),
  );
});

test("every way of the runtime, and libsodium's own check, agree on any text and bytes", () => {
  assert.ok(base64Ways.length >= 2, "Node has at least Buffer and libsodium");
  const own = (text: string): Uint8Array | undefined => {
    try {
      return sodium.from_base64(text, sodium.base64_variants.URLSAFE_NO_PADDING);
    } catch {
      return undefined;
    }
  };
  const like = fc.constantFrom(...("AQgwBCDZaz059-_=+/ \n\u0000é🦊\ud800".match(/./gsu) ?? []));
  const mutated = fc
    .tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(), like)
    .map(([bytes, at, sign]) => {
      const text = toBase64(bytes);
      const place = at % (text.length + 1);
      return text.slice(0, place) + sign + text.slice(place + 1);
    });
  const texts = fc.oneof(fc.string({ unit: like, maxLength: 12 }), fc.string(), mutated);
  fc.assert(
    fc.property(texts, (text) => {
      const expected = own(text);
      for (const way of base64Ways) {
        if (expected !== undefined) assert.deepEqual(fromBase64(text, "it", way), expected);
        else mustFail("malformed", () => fromBase64(text, "it", way), JSON.stringify(text));
      }
    }),
    { numRuns: 5_000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.nat({ max: 9 }), (bytes, from) => {
      const part = bytes.subarray(from);
      for (const way of base64Ways) assert.equal(way.encode(part), toBase64(part.slice()));
    }),
  );
});

test("refuses padding, the other alphabet, white space and spare bits, naming the field", () => {
  for (const text of ["AA==", "+/8", "A A", "AA\n", "AB", "A"]) {
    assert.match(mustFail("malformed", () => fromBase64(text, "body")).message, /^body is not/);
  }
});

test("UTF-8 round-trips, also with a byte order mark, and refuses other bytes", () => {
  for (const text of ["", "ça 🦊", "\ufeffmark"]) assert.equal(fromUtf8(utf8(text)), text);
  mustFail("malformed", () => fromUtf8(Uint8Array.of(0xff)));
});
