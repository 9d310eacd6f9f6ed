import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Ground } from "../device/home-fixture.ts";

const spoiled: readonly (readonly [sql: string, seq: number, why: RegExp])[] = [
  ['UPDATE audit SET body = replace(body, \'"act":"\', \'"act":"x\') WHERE seq = 2', 2, /its hash/],
  [
    'UPDATE audit SET body = replace(body, \'"by":{\', \'"by":{"apiKey":"x",\') WHERE seq = 2',
    2,
    /its hash/,
  ],
  ["DELETE FROM audit WHERE seq = 2", 2, /row 3 stands where row 2 belongs/],
  ["DELETE FROM audit WHERE seq = 1", 1, /row 2 stands where row 1 belongs/],
  [
    "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    3,
    /the chain ends at row 2, its head is row 3/,
  ],
  [
    "DELETE FROM audit WHERE seq = 3; UPDATE audit_chain SET seq = 2, hash = (SELECT hash FROM audit WHERE seq = 2)",
    3,
    /the chain ends at row 2, but row 3 was seen here before/,
  ],
  ["UPDATE audit_chain SET seq = 2", 3, /but the chain goes on|another hash/],
  ["DELETE FROM audit; DELETE FROM audit_chain", 1, /but row 3 was seen here before/],
];

test("audit verify of a home names the first row that an operator has tampered with", {
  timeout: 120_000,
}, async () => {
  await using ground = await Ground.start();
  const [alice] = await ground.mesh("alice", "bob");
  assert.ok(alice);
  const good = await alice.api.audit.verify({});
  assert.deepEqual([good.valid, good.rows, good.head.seq], [true, 3, 3]);
  // As someone with access to the database would, beside the running broker.
  const db = new DatabaseSync(join(ground.folder, "broker", "broker.db"), { timeout: 10_000 });
  db.exec("CREATE TEMP TABLE rows AS SELECT * FROM audit");
  db.exec("CREATE TEMP TABLE chains AS SELECT * FROM audit_chain");
  try {
    for (const [sql, seq, why] of spoiled) {
      db.exec(sql);
      const { valid, first } = await alice.api.audit.verify({});
      assert.equal(valid, false, sql);
      assert.equal(first?.seq, seq, `${sql}: ${first?.why}`);
      assert.match(first?.why ?? "", why, sql);
      db.exec("DELETE FROM audit; INSERT INTO audit SELECT * FROM temp.rows");
      db.exec("DELETE FROM audit_chain; INSERT INTO audit_chain SELECT * FROM temp.chains");
    }
  } finally {
    db.close();
  }
  assert.equal((await alice.api.audit.verify({})).valid, true);
});
