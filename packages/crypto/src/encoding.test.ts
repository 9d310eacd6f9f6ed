import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { fromBase64, fromUtf8, toBase64, toHex, utf8 } from "./encoding.ts";
import { ready } from "./sodium.ts";
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

test("refuses padding, the other alphabet, white space and spare bits, naming the field", () => {
  for (const text of ["AA==", "+/8", "A A", "AA\n", "AB", "A"]) {
    assert.match(mustFail("malformed", () => fromBase64(text, "body")).message, /^body is not/);
  }
});

test("UTF-8 round-trips, also with a byte order mark, and refuses other bytes", () => {
  for (const text of ["", "ça 🦊", "\ufeffmark"]) assert.equal(fromUtf8(utf8(text)), text);
  mustFail("malformed", () => fromUtf8(Uint8Array.of(0xff)));
});
