import assert from "node:assert/strict";
import { test } from "node:test";
import type { SealKey } from "@claudemesh/protocol";
import { LinkSide } from "./device-link.ts";
import { fromUtf8, toBase64, utf8 } from "./encoding.ts";
import { ready } from "./sodium.ts";
import { mustFail } from "./testing/must-fail.ts";
import { seededRandom } from "./testing/seeded-random.ts";
import { deviceLinkVectors } from "./vectors/device-links.ts";

await ready();

const code = "ABCD-EFGH";
const side = (name: "existing" | "new", seed: string, at = code) =>
  new LinkSide({ side: name, code: at }, seededRandom(seed));

test("both sides show the same number, and read what the other seals in its place", () => {
  const [fresh, known] = [side("new", "a"), side("existing", "b")];
  const [here, there] = [fresh.meet(known), known.meet(fresh)];
  assert.equal(here.check, there.check);
  assert.match(here.check, /^\d{4} \d{4}$/);
  const part = there.seal(utf8("the identity"), 2);
  assert.equal(fromUtf8(here.open(part, 2)), "the identity");
  mustFail("bad_signature", () => here.open(part, 3));
  mustFail("bad_signature", () => there.open(part, 2), "one's own");
  mustFail("bad_signature", () => here.open(`${part.slice(0, -2)}AA`, 2));
  assert.equal(fromUtf8(there.open(here.seal(utf8("taken"), 2), 2)), "taken");
});

test("a key that was not announced, by this side of this link, is refused", () => {
  const [fresh, known] = [side("new", "a"), side("existing", "b")];
  const { key } = side("existing", "c");
  mustFail("bad_signature", () => fresh.meet({ key, commitment: known.commitment }));
  mustFail("bad_signature", () => fresh.meet(side("new", "d")), "its own side");
  mustFail("bad_signature", () => fresh.meet(side("existing", "b", "ABCD-EFGI")), "another link");
  const zero = toBase64(new Uint8Array(32)) as SealKey;
  mustFail("bad_signature", () => fresh.meet({ key: zero, commitment: known.commitment }));
});

test("one who stands between shows two numbers", () => {
  const [fresh, known] = [side("new", "a"), side("existing", "b")];
  const [toNew, toKnown] = [side("existing", "m"), side("new", "n")];
  const shown = [fresh.meet(toNew).check, known.meet(toKnown).check];
  assert.notEqual(shown[0], shown[1]);
  const [one, other] = [fresh.meet(toNew), toKnown.meet(known)];
  mustFail("bad_signature", () => one.open(other.seal(utf8("passed on"), 2), 2));
});

test("the number is the one of the vectors", () => {
  for (const { code: at, check, existing, new: fresh } of deviceLinkVectors().cases) {
    const own = side("new", `link ${at} new`, at);
    assert.deepEqual([own.key, own.commitment], [fresh.key, fresh.commitment]);
    assert.equal(own.meet(existing).check, check);
  }
});
