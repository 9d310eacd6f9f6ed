import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ready, systemRandom } from "@claudemesh/crypto";
import type { MemberId, MemberKeys, MeshId, RosterEntry } from "@claudemesh/protocol";
import { HomeFolder } from "../home/home-folder.ts";
import { HomeStore } from "../store/home-store.ts";
import { markNoticesShown, waitingNotices } from "../store/notices.ts";
import { putVerified } from "../store/verified-rows.ts";
import { noteChangedKeys } from "./note-changed-keys.ts";

await ready();
const folder = mkdtempSync(join(tmpdir(), "claudemesh-trust-"));
const store = HomeStore.open(new HomeFolder(folder, () => {}), Date.now, systemRandom);
after(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const mesh = "mesh_a" as MeshId;
const keys = { sign: "s", seal: "k" } as unknown as MemberKeys;
const rekey = (member: string, seq: number) =>
  ({ type: "rekey", seq, at: seq, body: { member } }) as unknown as RosterEntry;

test("the inbox warns once when a verified member's keys are replaced, and tells of everyone else's", () => {
  putVerified(store, mesh, { member: "mbr_bob" as MemberId, keys, at: 1 });
  noteChangedKeys(store, mesh, [rekey("mbr_carol", 4)]);
  const [told] = waitingNotices(store, mesh);
  assert.equal(told?.code, "keys_replaced");
  assert.match(told?.text ?? "", /the keys of mbr_carol were replaced/);
  markNoticesShown(store, [told?.id ?? 0], []);
  noteChangedKeys(store, mesh, [rekey("mbr_bob", 5)]);
  noteChangedKeys(store, mesh, [rekey("mbr_bob", 5)]);
  const [notice, ...more] = waitingNotices(store, mesh);
  assert.equal(more.length, 0);
  assert.equal(notice?.code, "key_changed");
  assert.match(notice?.text ?? "", /mbr_bob, whom you had verified/);
});
