import assert from "node:assert/strict";
import { test } from "node:test";
import { Profile, Receipt } from "@claudemesh/protocol";
import { newerProfile, profileHash, signProfile, verifyProfile } from "./profile.ts";
import { signReceipt, verifyReceipt } from "./receipt.ts";
import { memberOf } from "./testing/fixtures.ts";
import { mustFail } from "./testing/must-fail.ts";
import { profile, receipt } from "./testing/statements.ts";

const [alice, bob] = [memberOf("alice"), memberOf("bob")];

const version = (number: number, displayName: string) => {
  const { sig: _sig, author: _author, v: _v, ...statement } = profile();
  return signProfile({ ...statement, version: number, fields: { displayName } }, alice.signer);
};

test("a receipt verifies with its member's key only", () => {
  assert.deepEqual(Receipt.parse(receipt()), receipt());
  verifyReceipt(receipt(), bob.keys.sign);
  mustFail("bad_signature", () => verifyReceipt(receipt(), alice.keys.sign));
});

test("optional fields of a receipt that are undefined are not signed", () => {
  const { v: _v, sig: _sig, session: _session, way: _way, reason: _reason, ...fields } = receipt();
  const short = signReceipt(fields, bob.signer);
  verifyReceipt(JSON.parse(JSON.stringify(short)), bob.keys.sign);
});

test("a profile verifies with its author's key, which the caller names", () => {
  assert.deepEqual(Profile.parse(profile()), profile());
  verifyProfile(profile(), alice.keys.sign);
  const error = mustFail("bad_signature", () => verifyProfile(profile(), bob.keys.sign));
  assert.match(error.message, /^author/);
  const { sig: _sig, author: _author, v: _v, ...statement } = profile();
  const forged = { ...signProfile(statement, bob.signer), author: alice.keys.sign };
  mustFail("bad_signature", () => verifyProfile(forged, alice.keys.sign));
});

test("the highest version wins, on a tie the smaller hash, in either order", () => {
  const [old, one, two] = [version(1, "zoe"), version(2, "one"), version(2, "two")];
  for (const newer of [one, two]) {
    assert.equal(newerProfile(old, newer), newer);
    assert.equal(newerProfile(newer, old), newer);
  }
  const smaller = profileHash(one) < profileHash(two) ? one : two;
  assert.equal(newerProfile(one, two), smaller);
  assert.equal(newerProfile(two, one), smaller);
});
