import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { migrateBroker } from "@claudemesh/broker/maintenance";
import { newFolder, startBroker } from "../broker/support/broker.ts";
import { foundMesh } from "../broker/support/member.ts";

const ready = async (url: string) => {
  const answer = await fetch(`${url}/health/ready`);
  return [answer.status, ((await answer.json()) as { reasons: string[] }).reasons];
};

test("a broker is ready only with the migration that is expected of it", async () => {
  const folder = newFolder();
  try {
    const first = await startBroker({}, {}, folder);
    const last = await first.broker.store.read.lastMigration();
    assert.match(last ?? "", /^\d{4}-[a-z-]+\.sql$/);
    assert.deepEqual(await ready(first.url), [200, []]);
    await first.broker.stop();
    {
      await using at = await startBroker({ expectedMigration: last ?? "" }, {}, folder);
      assert.deepEqual(await ready(at.url), [200, []]);
    }
    await using at = await startBroker({ expectedMigration: "9999-later.sql" }, {}, folder);
    assert.deepEqual(await ready(at.url), [503, ["migrations"]]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("an edited migration refuses the start; breaking the glass starts all the same, and says so", async () => {
  const folder = newFolder();
  try {
    const first = await startBroker({}, {}, folder);
    await foundMesh(first.url);
    await first.broker.stop();
    const db = new DatabaseSync(join(folder, "broker.db"));
    db.exec("UPDATE migration SET hash = 'edited' WHERE name LIKE '0002-%'");
    db.close();
    await assert.rejects(startBroker({}, {}, folder), { code: "home_damaged" });
    await assert.rejects(migrateBroker({ folder, dry: false, at: 0 }), { code: "home_damaged" });
    await using at = await startBroker({ skipMigrations: true }, {}, folder);
    assert.equal((await at.broker.store.read.meshes()).length, 1);
    assert.match(at.lines.join("\n"), /started without migrating/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
