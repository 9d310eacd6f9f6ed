import { toHex, utf8 } from "../encoding.ts";
import { jcs } from "../jcs.ts";
import { doubleOf, rfc8785Numbers } from "./rfc8785.ts";

function of(name: string, json: string) {
  const canonical = jcs(JSON.parse(json));
  return { name, json, canonical, canonicalUtf8Hex: toHex(utf8(canonical)) };
}

export const jcsVectors = () => ({
  format: "jcs",
  cases: [
    of(
      "literals, numbers and strings (RFC 8785, section 3.2.2)",
      String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
    ),
    of(
      "key order by UTF-16 code units (RFC 8785, section 3.2.3)",
      String.raw`{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}`,
    ),
    of(
      "nesting and empty containers",
      '{"b": [[], {}, [{"z": 1, "a": 2}]], "a": {"c": "", "": 0}}',
    ),
    of("a key that JavaScript treats apart", '{"a": 2, "__proto__": 1}'),
  ],
  numbers: rfc8785Numbers.map(([ieeeHex]) => ({ ieeeHex, canonical: jcs(doubleOf(ieeeHex)) })),
  failures: [
    { name: "not a number", ieeeHex: "7fffffffffffffff", error: "malformed" },
    { name: "infinity", ieeeHex: "7ff0000000000000", error: "malformed" },
    { name: "minus infinity", ieeeHex: "fff0000000000000", error: "malformed" },
    { name: "lone surrogate", json: '"\\ud83d"', error: "malformed" },
    { name: "lone surrogate in a key", json: '{"\\ude00":1}', error: "malformed" },
  ],
});
