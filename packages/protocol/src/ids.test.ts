import assert from "node:assert/strict";
import { test } from "node:test";
import { Audience } from "./audience.ts";
import { InviteId, MemberId, MeshId, MessageId } from "./ids.ts";

const uuid = "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
const hash = "ab".repeat(32);

test("an id of one kind does not parse as another", () => {
  const samples = [
    [MessageId, `msg_${uuid}`],
    [InviteId, `inv_${uuid}`],
    [MeshId, `mesh_${hash}`],
    [MemberId, `mbr_${hash}`],
  ] as const;
  for (const [schema, own] of samples) {
    for (const [, text] of samples) {
      assert.equal(schema.safeParse(text).success, text === own, `${text}`);
    }
  }
});

test("ids have one spelling", () => {
  for (const text of [
    `msg_${uuid.toUpperCase()}`,
    `msg_${uuid}\n`,
    ` msg_${uuid}`,
    `msg_${uuid}x`,
  ]) {
    assert.equal(MessageId.safeParse(text).success, false, JSON.stringify(text));
  }
});

test("an audience is one of five forms", () => {
  const good = [`m:mbr_${hash}`, `s:ses_${uuid}`, `t:top_${uuid}`, "g:flex/core", "*"];
  for (const text of good) assert.equal(Audience.safeParse(text).success, true, text);
  const bad = ["", "m:", "m:*", `m:mesh_${hash}`, "g:", "g:/a", "g:A", "g:a/", "**", "t:general"];
  for (const text of bad) assert.equal(Audience.safeParse(text).success, false, text);
});
