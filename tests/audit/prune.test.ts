import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { checkBroker } from "@claudemesh/broker/maintenance";
import { pruneAudit } from "../../apps/broker/src/audit/prune-audit.ts";
import { Ground } from "../device/home-fixture.ts";

test("what is too old goes, a signed anchor stands for it, and the rest still verifies", {
  timeout: 120_000,
}, async () => {
  await using ground = await Ground.start();
  const [alice, bob] = await ground.mesh("alice", "bob");
  assert.ok(alice && bob);
  await alice.api.member.update({ title: "lead" });
  await alice.api.member.disconnect({ member: "bob" });
  const all = await alice.api.audit.list({});
  const before = all.items.at(-1)?.at ?? 0;
  const old = all.items.filter(({ at }) => at < before).length;
  assert.ok(old > 0 && old < all.items.length);
  const { audit, store } = ground.broker;
  assert.equal(await pruneAudit({ audit, store, now: Date.now }, before), old);
  assert.equal(await pruneAudit({ audit, store, now: Date.now }, before), 0);
  const left = await alice.api.audit.list({ after: 0 });
  assert.deepEqual(left.items, all.items.slice(old));
  assert.deepEqual([left.anchor?.seq, left.anchor?.kind], [old, "anchor"]);
  const checked = await alice.api.audit.verify({});
  assert.deepEqual(
    [checked.valid, checked.from, checked.rows],
    [true, old, all.items.length - old],
  );

  const folder = join(ground.folder, "broker");
  assert.ok((await checkBroker({ folder })).every(({ ok }) => ok));
  await ground.stopBroker();
  const db = new DatabaseSync(join(folder, "broker.db"));
  db.exec(`UPDATE audit_chain SET anchor = replace(anchor, '"seq":${old}', '"seq":${old - 1}')`);
  db.close();
  const [bad] = (await checkBroker({ folder })).filter(({ ok }) => !ok);
  assert.match(bad?.detail ?? "", /anchor of what is not kept any more is not signed/);
  await ground.startBroker();
  const { valid, first } = await alice.api.audit.verify({});
  assert.equal(valid, false);
  assert.match(first?.why ?? "", /not signed/);
});
