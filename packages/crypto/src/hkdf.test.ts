import assert from "node:assert/strict";
import { before, test } from "node:test";
import { toHex } from "./encoding.ts";
import { hkdf } from "./hkdf.ts";
import { ready } from "./sodium.ts";
import { mustFail } from "./testing/must-fail.ts";

before(ready);

const range = (from: number, to: number) =>
  Uint8Array.from({ length: to - from + 1 }, (_, index) => from + index);
const none = new Uint8Array(0);

test("RFC 5869, appendix A.1 to A.3", () => {
  const repeated = new Uint8Array(22).fill(0x0b);
  assert.equal(
    toHex(hkdf({ secret: repeated, salt: range(0, 12), info: range(0xf0, 0xf9), length: 42 })),
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  );
  assert.equal(
    toHex(
      hkdf({
        secret: range(0, 0x4f),
        salt: range(0x60, 0xaf),
        info: range(0xb0, 0xff),
        length: 82,
      }),
    ),
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
      "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  );
  assert.equal(
    toHex(hkdf({ secret: repeated, salt: none, info: none, length: 42 })),
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  );
});

test("gives 32 bytes by default and refuses impossible lengths", () => {
  const input = { secret: none, salt: none, info: none };
  assert.equal(hkdf(input).length, 32);
  for (const length of [0, -1, 1.5, 255 * 32 + 1]) {
    mustFail("malformed", () => hkdf({ ...input, length }));
  }
});
