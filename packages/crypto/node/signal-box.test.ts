import assert from "node:assert/strict";
import { before, test } from "node:test";
import { MeshError } from "@claudemesh/protocol";
import { toHex } from "../src/encoding.ts";
import { ready } from "../src/sodium.ts";
import { hexBytes, loadVectors, replay } from "../src/testing/load-vectors.ts";
import { seededRandom } from "../src/testing/seeded-random.ts";
import type { signalVectors } from "../src/vectors/signals.ts";
import { busName, SignalBox, signalFreshMs, signalOverhead } from "./signal-box.ts";

before(ready);

const vectors = loadVectors<typeof signalVectors>("signal");
const secret = hexBytes(vectors.secretHex);
const [{ at: moment }] = vectors.cases as [(typeof vectors.cases)[number]];
const random = seededRandom("signal boxes");
const boxOf = (now = () => moment, of = secret) => new SignalBox({ secret: of, random, now });
const refused = (code: string) => (error: unknown) =>
  error instanceof MeshError && error.code === code;

test("the vectors, which libsodium made, are what is sealed here, and open", () => {
  assert.equal(busName(secret, "subjects"), vectors.subjectsName);
  const sealing = new SignalBox({ secret, random: replay(vectors.senderHex), now: () => moment });
  const opening = boxOf();
  for (const { subject, payload, sealedHex } of vectors.cases) {
    assert.equal(toHex(sealing.seal(subject, payload)), sealedHex);
    assert.equal(opening.open(subject, hexBytes(sealedHex)), payload);
  }
  for (const { name, subject, sealedHex, error } of vectors.failures) {
    assert.throws(() => boxOf().open(subject, hexBytes(sealedHex)), refused(error), name);
  }
});

test("a payload of any length opens as it was, a short one behind a long one too", () => {
  const [sealing, opening] = [boxOf(), boxOf()];
  const lengths = [0, 100_000, 1, 174_759, 174_760, 174_763, 700_000, 2];
  const payloads = lengths.flatMap((length) => ["x", "ä", "€"].map((one) => one.repeat(length)));
  const sealed = payloads.map((payload) => sealing.seal("mesh.head", payload));
  for (const [place, payload] of payloads.entries()) {
    const bytes = sealed[place] as Uint8Array;
    assert.equal(bytes.length, signalOverhead + Buffer.byteLength(payload));
    assert.equal(opening.open("mesh.head", bytes), payload);
  }
});

test("every changed, missing or further byte is refused, and spoils nothing", () => {
  const sealed = boxOf().seal("mesh.head", "a payload");
  assert.equal(sealed.length, signalOverhead + 9);
  const opening = boxOf();
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 0x80;
    assert.throws(() => opening.open("mesh.head", changed), refused("bad_signature"));
    assert.throws(() => opening.open("mesh.head", sealed.slice(0, at)), refused("bad_signature"));
  }
  const longer = Uint8Array.from([...sealed, 0]);
  assert.throws(() => opening.open("mesh.head", longer), refused("bad_signature"));
  assert.throws(() => opening.open("mesh.peer", sealed), refused("bad_signature"));
  assert.throws(
    () => boxOf(undefined, random(32)).open("mesh.head", sealed),
    refused("bad_signature"),
  );
  assert.equal(opening.open("mesh.head", sealed), "a payload");
});

test("a signal is opened once, and none that was sealed before one that was opened", () => {
  const [sealing, other, opening] = [boxOf(), boxOf(), boxOf()];
  const [first, second, third] = ["1", "2", "3"].map((n) => sealing.seal("s", n));
  assert.equal(opening.open("s", second as Uint8Array), "2");
  for (const late of [first, second]) {
    assert.throws(() => opening.open("s", late as Uint8Array), refused("conflict"));
  }
  // Each sender counts for itself.
  assert.equal(opening.open("s", other.seal("s", "another's")), "another's");
  assert.equal(opening.open("s", third as Uint8Array), "3");
});

test("a signal of another time is refused, on either side", () => {
  let now = moment;
  const [sealing, opening] = [boxOf(() => now), boxOf()];
  for (const off of [signalFreshMs + 1, -signalFreshMs - 1]) {
    now = moment + off;
    assert.throws(() => opening.open("s", sealing.seal("s", "")), refused("expired"));
  }
  for (const off of [signalFreshMs, -signalFreshMs]) {
    now = moment + off;
    assert.equal(opening.open("s", sealing.seal("s", "close")), "close");
  }
});

test("more senders than are remembered cost the silent ones their place, and no one else", () => {
  const opening = boxOf();
  const talking = boxOf();
  for (let n = 0; n < 600; n += 1) {
    assert.equal(opening.open("s", boxOf().seal("s", "")), "");
    const told = talking.seal("s", String(n));
    assert.equal(opening.open("s", told), String(n));
    assert.throws(() => opening.open("s", told), refused("conflict"));
  }
});
