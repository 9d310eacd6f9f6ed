import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { type JsonValue, jcs } from "./jcs.ts";
import { ready } from "./sodium.ts";
import { mustFail } from "./testing/must-fail.ts";
import { doubleOf, rfc8785Numbers } from "./vectors/rfc8785.ts";

before(ready);

test("prints the examples of RFC 8785, section 3.2", () => {
  const value = JSON.parse(
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  );
  assert.equal(
    jcs(value),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
  const keys = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
  const sorted = JSON.parse(jcs(Object.fromEntries(keys.map((key) => [`k${key}`, 0]))));
  assert.deepEqual(
    Object.keys(sorted),
    ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"].map((key) => `k${key}`),
  );
});

test("prints the numbers of RFC 8785, appendix B", () => {
  for (const [bits, text] of rfc8785Numbers) assert.equal(jcs(doubleOf(bits)), text, bits);
});

test("refuses what has no canonical form", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "\ud83d", { "\ude00": 1 }]) {
    mustFail("malformed", () => jcs(value));
  }
  const foreign: unknown[] = [undefined, 1n, () => 1, Symbol("s"), [undefined]];
  for (const value of foreign) mustFail("malformed", () => jcs(value as JsonValue), String(value));
});

test("leaves out undefined members, as JSON does", () => {
  assert.equal(jcs({ a: undefined, b: 1 }), '{"b":1}');
});

const json = fc.jsonValue({ stringUnit: "grapheme" }) as fc.Arbitrary<JsonValue>;

test("parses back to the same value and prints the same again", () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = jcs(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(jcs(JSON.parse(text)), text);
    }),
  );
});

test("does not depend on the order of members", () => {
  const members = fc.uniqueArray(fc.tuple(fc.string({ unit: "grapheme" }), json), {
    selector: ([key]) => key,
  });
  fc.assert(
    fc.property(members, (entries) => {
      assert.equal(
        jcs(Object.fromEntries(entries)),
        jcs(Object.fromEntries([...entries].reverse())),
      );
    }),
  );
});
