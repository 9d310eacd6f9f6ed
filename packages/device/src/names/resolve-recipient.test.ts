import assert from "node:assert/strict";
import { test } from "node:test";
import { type MemberId, MeshError } from "@claudemesh/protocol";
import { editDistance } from "./edit-distance.ts";
import type { NamedMember } from "./member-names.ts";
import { resolveRecipient } from "./resolve-recipient.ts";
import { nameSkeleton } from "./skeleton.ts";

const member = (
  displayName: string,
  digit: string,
  over: Partial<NamedMember> = {},
): NamedMember => ({
  id: `mbr_${digit.repeat(64)}` as MemberId,
  name: displayName,
  displayName,
  keyHex: `${digit}0`.repeat(32),
  current: true,
  profile: undefined,
  ...over,
});

const ana = member("Ana", "a");
const otherAna = member("ana", "b", { name: "ana (b0b0b0b0)" });
const bob = member("Bob", "c");
const gone = member("Gone", "d", { current: false });
const all = [ana, otherAna, bob, gone];
const self = member("me", "e").id;

const failure = (to: string, members = all, me = self): MeshError => {
  try {
    resolveRecipient(to, members, me);
  } catch (error) {
    assert.ok(error instanceof MeshError);
    return error;
  }
  return assert.fail(`${to} was resolved`);
};

test("a name is found without regard to case, and by its key suffix where it has one", () => {
  assert.equal(resolveRecipient(" bOB ", all, self), bob);
  assert.equal(resolveRecipient("ana (b0b0b0b0)", all, self), otherAna);
});

test("member ids and prefixes of 8 digits of either key or id are found", () => {
  assert.equal(resolveRecipient(bob.id, all, self), bob);
  assert.equal(resolveRecipient("c0c0c0c0", all, self), bob);
  assert.equal(resolveRecipient("cccccccc", all, self), bob);
  assert.equal(failure("c0c0c0c").code, "no_recipient");
});

test("a name of two is ambiguous, with both keys in the message", () => {
  const error = failure("ana");
  assert.equal(error.code, "ambiguous");
  assert.match(error.message, /a0a0a0a0a0a0a0a0/);
  assert.match(error.message, /b0b0b0b0b0b0b0b0/);
});

test("nobody gets another's messages by taking its key digits or its shown name as a name", () => {
  const thief = (displayName: string) => member(displayName, "f");
  for (const taken of ["c0c0c0c0", "C0C0C0C0C0", "cccccccc"]) {
    const error = failure(taken, [...all, thief(taken)]);
    assert.equal(error.code, "ambiguous", taken);
    assert.match(error.message, /c0c0c0c0c0c0c0c0/);
    assert.match(error.message, /f0f0f0f0f0f0f0f0/);
  }
  assert.equal(
    failure("ana (b0b0b0b0)", [...all, thief("Ana (b0b0b0b0)")]).code,
    "ambiguous",
    "the shown name of another",
  );
  assert.equal(resolveRecipient(bob.id, [...all, thief(bob.id)], self), bob);
  assert.equal(resolveRecipient(bob.keyHex, [...all, thief(bob.keyHex)], self), bob);
});

test("an unknown name lists who is known and offers the nearest within two edits", () => {
  const error = failure("bbo");
  assert.equal(error.code, "no_recipient");
  assert.match(error.message, /known: Ana, ana \(b0b0b0b0\), Bob$/);
  assert.equal(error.hint, "did you mean Bob?");
  assert.equal(failure("completely else").hint, undefined);
});

test("who has left is said to have left, and oneself is refused", () => {
  assert.match(failure("gone").message, /Gone has left/);
  assert.equal(failure("bob", all, bob.id).code, "malformed");
});

test("skeletons take look-alikes for one", () => {
  assert.equal(nameSkeleton("Alice"), nameSkeleton("А1ісе"));
  assert.equal(nameSkeleton("Ali ce\u200b"), nameSkeleton("alice"));
  assert.notEqual(nameSkeleton("alice"), nameSkeleton("bob"));
});

test("edit distance counts up to the limit", () => {
  assert.equal(editDistance("kitten", "sitting", 3), 3);
  assert.equal(editDistance("kitten", "sitting", 2), 3);
  assert.equal(editDistance("", "ab", 2), 2);
});
