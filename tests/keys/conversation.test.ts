import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { KeyRing, openKeyBundleRow, openShared, Roster } from "@claudemesh/crypto";
import { type Envelope, MeshError, type RosterEntry } from "@claudemesh/protocol";
import { ringRows } from "../../packages/device/src/store/ring-rows.ts";
import { Ground, read, texts } from "../device/home-fixture.ts";
import { onlineMesh } from "./room.ts";

/** Everything of the broker's database that could help: envelopes, key rows and the whole roster, as one who has a copy of it reads them. */
function stolen(ground: Ground) {
  const db = new DatabaseSync(join(ground.folder, "broker", "broker.db"), { readOnly: true });
  const bodies = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => JSON.parse(String(row.body)));
  const found = {
    envelopes: bodies("SELECT body FROM log WHERE kind = 'message' AND body IS NOT NULL"),
    rows: bodies("SELECT body FROM key_row"),
    roster: bodies("SELECT entry AS body FROM roster ORDER BY seq") as RosterEntry[],
  };
  db.close();
  return found;
}

test("one who is banned in the middle of a conversation reads what came before, and nothing after, even with the broker's whole database", async () => {
  await using ground = await Ground.start();
  using room = await onlineMesh(ground, "alice", "bob", "carol", "dave", "erin");
  const [alice, bob, carol, dave, erin] = room.devices;
  assert.ok(alice && bob && carol && dave && erin);
  await carol.api.message.send({ to: "*", text: "before" });
  for (const one of [alice, bob, dave, erin]) {
    assert.deepEqual(texts(await read(one, "60s")), ["before"]);
  }
  const banning = alice.api.member.ban({ member: "bob" });
  const around = Array.from({ length: 5 }, (_, n) => `around the ban ${n}`);
  const said = Promise.all(around.map((text) => dave.api.message.send({ to: "*", text })));
  await Promise.all([banning, said]);
  await carol.api.message.send({ to: "*", text: "after" });
  for (const one of [alice, erin]) {
    // What dave wrote before he had the new key may come behind what carol wrote with it.
    const heard: string[] = [];
    while (heard.length <= around.length) {
      const more = texts(await read(one, "60s"));
      assert.ok(more.length > 0, heard.join(", "));
      heard.push(...more);
    }
    assert.deepEqual(heard.sort(), ["after", ...around]);
  }

  const insider = room.insides[1];
  assert.ok(insider);
  const { envelopes, roster: entries, rows } = stolen(ground);
  const [genesis, ...rest] = entries;
  const roster = Roster.fromGenesis(genesis as RosterEntry);
  roster.append(rest);
  const { opener } = insider.secret;
  const member = insider.member;
  const kept = ringRows(insider.ctx.store, insider.row.mesh);
  const ring = KeyRing.of(roster, kept);
  for (const row of rows) {
    assert.throws(() =>
      openKeyBundleRow({ ...row, recipient: member }, { roster, member, opener }),
    );
    assert.throws(() => opener.open(Buffer.from(row.sealed, "base64url")), MeshError);
  }
  const opened = (envelope: Envelope): string | undefined => {
    try {
      return openShared(envelope, ring)?.text;
    } catch {
      return undefined;
    }
  };
  const shared = (envelopes as Envelope[]).filter(({ header }) => header.to === "*");
  const readable = shared.map(opened).filter((text) => text !== undefined);
  assert.ok(readable.includes("before"));
  assert.ok(!readable.includes("after"));
  const removal = entries.find(({ type }) => type === "remove")?.seq ?? 0;
  for (const envelope of shared.filter(({ header }) => header.head.seq >= removal)) {
    assert.equal(opened(envelope), undefined);
  }
  assert.ok(shared.some(({ header }) => header.head.seq >= removal));
});
