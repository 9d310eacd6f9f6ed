import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemberId, MessageId } from "@claudemesh/protocol";
import { applyChanges, type FollowUpKind } from "./follow-ups.ts";

const [ann, bob] = ["mbr_ann", "mbr_bob"] as MemberId[] as [MemberId, MemberId];
const post = { id: "msg_1" as MessageId, sender: ann, text: "one" };

let at = 0;
const said = (sender: MemberId, kind: FollowUpKind, text: string) => ({
  sender,
  kind,
  text,
  at: ++at,
});

test("the last edit of its author counts, and no other's", () => {
  const changes = [said(ann, "post.edit", "two"), said(bob, "post.edit", "hers")];
  assert.equal(applyChanges(post, changes).text, "two");
  const later = applyChanges(post, [...changes, said(ann, "post.edit", "three")]);
  assert.deepEqual([later.text, later.editedAt], ["three", at]);
  assert.equal(applyChanges(post, [said(bob, "post.edit", "his")]).editedAt, undefined);
});

test("a retraction of its author ends it, whatever is said after", () => {
  const gone = applyChanges(post, [
    said(bob, "post.retract", ""),
    said(ann, "post.retract", ""),
    said(ann, "post.edit", "back"),
  ]);
  assert.deepEqual([gone.text, gone.editedAt, gone.retractedAt], ["", undefined, at - 1]);
  assert.equal(applyChanges(post, [said(bob, "post.retract", "")]).text, "one");
});

test("each member sets a sign once and takes back its own; the last word on the pin counts", () => {
  const { pinned, reactions } = applyChanges(post, [
    said(ann, "post.react", "👍"),
    said(ann, "post.react", "👍"),
    said(bob, "post.react", "👍"),
    said(bob, "post.react", "🎉"),
    said(ann, "post.react", "off 🎉"),
    said(ann, "post.react", "off 👍"),
    said(bob, "post.pin", "on"),
    said(ann, "post.pin", "off"),
    said(ann, "post.pin", "on"),
  ]);
  assert.deepEqual(
    [...reactions].map(([sign, by]) => [sign, [...by]]),
    [
      ["👍", [bob]],
      ["🎉", [bob]],
    ],
  );
  assert.equal(pinned, true);
  assert.equal(applyChanges(post, [said(bob, "post.react", "off 👍")]).reactions.size, 0);
});
