import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BareMember } from "@claudemesh/testkit";
import { openSqliteStore } from "../../apps/broker/src/store/sqlite/open.ts";
import { crowdIn } from "../../bench/scale/crowd-fill.ts";
import type { Ground } from "../device/home-fixture.ts";

/** A broker with a mesh of so many members in it, as its owner sees it. */
export async function crowdedGround(ground: Ground, count: number): Promise<BareMember> {
  await ground.stopBroker();
  const store = await openSqliteStore({ folder: join(ground.folder, "broker"), now: Date.now });
  const [owner] = (await crowdIn(store, count)) as [BareMember];
  await store.close();
  await ground.startBroker();
  return new BareMember(ground.url, owner.secret, owner.member, owner.roster, owner.ring);
}

/** Changes what the broker of a ground has stored, while it is down. */
export async function tamper(
  ground: Ground,
  sql: string,
  ...values: (string | number)[]
): Promise<void> {
  await ground.stopBroker();
  const db = new DatabaseSync(join(ground.folder, "broker", "broker.db"));
  try {
    if (db.prepare(sql).run(...values).changes === 0) throw new Error(`nothing is changed: ${sql}`);
  } finally {
    db.close();
  }
  await ground.startBroker();
}

/** Has the broker give out another signature for an entry. It took the entry for verified before: its hash is the same. */
export const spoilSignature = (ground: Ground, seq: number): Promise<void> =>
  tamper(
    ground,
    "UPDATE roster SET entry = json_set(entry, '$.sig', (SELECT json_extract(entry, '$.sig') FROM roster AS other WHERE other.seq = ?)) WHERE seq = ?",
    seq + 1,
    seq,
  );
