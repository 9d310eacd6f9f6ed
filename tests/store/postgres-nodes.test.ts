import assert from "node:assert/strict";
import { test } from "node:test";
import { audienceOf } from "@claudemesh/protocol";
import type pg from "pg";
import {
  creation,
  member,
  mesh,
  message,
  messageId,
  otherMesh,
  range,
  readLog,
  rosterAppend,
  seqsOf,
} from "../../apps/broker/src/store/acceptance/fixtures.ts";
import type { LogEntry, Store } from "../../apps/broker/src/store/port.ts";
import { openClient } from "../../apps/broker/src/store/postgres/connect.ts";
import { openPostgresStore } from "../../apps/broker/src/store/postgres/open.ts";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { cluster, openAlone, openNode, skip } from "./postgres-cluster.ts";

const running = cluster();
const recipient = audienceOf(member(2));

/** What a store tells, and when it has told of the entry at a seq. */
function listen(store: Store) {
  const told: LogEntry[] = [];
  const waits = new Map<number, () => void>();
  store.onAppend((_mesh, entries) => {
    for (const entry of entries) {
      told.push(entry);
      waits.get(entry.seq)?.();
    }
  });
  const reached = (seq: number) =>
    new Promise<void>((resolve) => {
      if (told.some((entry) => entry.seq === seq)) resolve();
      else waits.set(seq, resolve);
    });
  return { told, reached };
}

test("two nodes that write one mesh number it together, without a gap, in the order of their commits", {
  skip,
}, async () => {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const [one, two] = [await openNode(url), await openNode(url)];
  try {
    assert.deepEqual(
      (await Promise.all([one, two].map((store) => store.write.createMesh(creation())))).sort(),
      ["created", "exists"],
    );
    const heard = [listen(one), listen(two)];
    const count = 400;
    const send = async (store: Store, n: number) => {
      const outcome = await store.write.appendMessage(message(n));
      assert.equal(outcome.result, "accepted");
      return outcome.result === "accepted" ? outcome : assert.fail();
    };
    const sent = (
      await Promise.all(range(1, count).map((n) => send(n % 2 === 0 ? one : two, n)))
    ).map(({ seq }) => seq);
    assert.deepEqual(
      sent.toSorted((a, b) => a - b),
      range(3, count + 2),
    );
    const entries = await readLog(one, [recipient]);
    assert.deepEqual(seqsOf(entries), range(3, count + 2));
    assert.equal(new Set(entries.map(({ id }) => id)).size, count);

    for (const { told, reached } of heard) {
      await reached(count + 2);
      const own = told.filter(({ seq }) => seq > 2);
      assert.deepEqual(
        own.map(({ seq, id }) => [seq, id]),
        entries.map(({ seq, id }) => [seq, id]),
      );
    }
  } finally {
    await one.close();
    await two.close();
  }
});

test("of one id that two nodes append at the same time one wins, and the other answers the same or conflicts", {
  skip,
}, async () => {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const [one, two] = [await openNode(url), await openNode(url)];
  try {
    await one.write.createMesh(creation());
    const outcomes = await Promise.all(
      range(1, 60).map((n) =>
        Promise.all([
          one.write.appendMessage(message(n)),
          two.write.appendMessage(message(n, n % 3 === 0 ? { digest: `other${n}` } : {})),
        ]),
      ),
    );
    for (const [index, pair] of outcomes.entries()) {
      const n = index + 1;
      if (n % 3 === 0) {
        assert.deepEqual(pair.map(({ result }) => result).sort(), ["accepted", "conflict"]);
      } else {
        const seqs = pair.map((outcome) => (outcome.result === "accepted" ? outcome.seq : -1));
        assert.equal(seqs[0], seqs[1]);
        const repeated = pair.map((outcome) => outcome.result === "accepted" && outcome.repeated);
        assert.deepEqual(repeated.sort(), [false, true]);
      }
    }
    const entries = await readLog(two, [recipient]);
    assert.deepEqual(seqsOf(entries), range(3, 62));
  } finally {
    await one.close();
    await two.close();
  }
});

test("of two roster entries at the same place one is appended, the other meets the new head", {
  skip,
}, async () => {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const [one, two] = [await openNode(url), await openNode(url)];
  try {
    await one.write.createMesh(creation());
    const outcomes = await Promise.all([
      one.write.appendRoster(rosterAppend(1)),
      two.write.appendRoster(rosterAppend(1)),
    ]);
    assert.deepEqual(outcomes.map(({ result }) => result).sort(), ["appended", "conflict"]);
    assert.equal((await two.read.roster(mesh, 0, 10)).length, 1);
  } finally {
    await one.close();
    await two.close();
  }
});

test("a node hears of what another appended also when every signal is lost", { skip }, async () => {
  const { server, databases } = running();
  const name = await databases.create();
  const url = server.url(name);
  const [one, two] = [await openNode(url), await openNode(url, { lookMs: 50 })];
  try {
    await one.write.createMesh(creation());
    // Ends the connections that listen; they come back only after a while.
    await databases.run(
      name,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    const { told, reached } = listen(two);
    await one.write.appendMessage(message(1));
    await reached(3);
    assert.equal(told.at(-1)?.id, messageId(1));
  } finally {
    await one.close();
    await two.close();
  }
});

test("a look without signals finds what moved in any of many meshes, also what was committed late", {
  skip,
}, async () => {
  const { server, databases } = running();
  const name = await databases.create();
  const url = server.url(name);
  const one = await openAlone(url);
  await one.write.createMesh(creation());
  await one.write.createMesh(creation(otherMesh));
  await one.close();
  const client = await openClient({ url, timeoutMs: 60_000 });
  const two = await openNode(url, { lookMs: 20 });
  try {
    const told = new Map<string, number>();
    let heard = () => {};
    two.onAppend((mesh, entries) => {
      told.set(mesh, entries.at(-1)?.seq ?? 0);
      heard();
    });
    const reached = async (mesh: string, seq: number) => {
      while (told.get(mesh) !== seq) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    };
    /** Appends as a node does that is not there to tell of it. */
    const append = (on: pg.Client, id: string) =>
      on.query(
        `WITH entry AS (INSERT INTO log (mesh, seq, id, kind, audience, at, expires_at, expired, body)
            SELECT no, 3, 'msg_3', 'message', (SELECT min(no) FROM audience), 1, 1, 0, '{}' FROM mesh WHERE id = '${id}'),
          moved AS (INSERT INTO mesh_moved SELECT no, pg_current_xact_id()::text::bigint FROM mesh WHERE id = '${id}'
            ON CONFLICT (mesh) DO UPDATE SET moved = EXCLUDED.moved)
          UPDATE mesh SET head_seq = 3 WHERE id = '${id}'`,
      );
    await client.query("BEGIN");
    await append(client, mesh);
    // Another mesh moves, and is found, while the transaction with the lower number is not over.
    const other = await openClient({ url, timeoutMs: 60_000 });
    await append(other, otherMesh);
    await other.end();
    await reached(otherMesh, 3);
    assert.equal(told.get(mesh), undefined);
    await client.query("COMMIT");
    await reached(mesh, 3);
  } finally {
    await client.end();
    await two.close();
  }
});

test("a second broker is refused while one has the database", { skip }, async () => {
  const { server, databases } = running();
  const url = server.url(await databases.create());
  const first = await openAlone(url);
  await assert.rejects(openAlone(url), { code: "in_use" });
  await first.close();
  await (await openAlone(url)).close();
});

test("a role that may not make tables works on those of their owner, and can do nothing else", {
  skip,
}, async () => {
  const { server, databases } = running();
  const name = await databases.create();
  await databases.run(
    name,
    // As docs/guide/postgres.md says.
    `CREATE ROLE owning LOGIN; CREATE ROLE running LOGIN;
        ALTER DATABASE ${name} OWNER TO owning;
        REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO running;
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT CREATE, USAGE ON SCHEMA public TO owning; GRANT USAGE ON SCHEMA public TO running`,
  );
  const url = server.url(name, "running");
  await assert.rejects(openAlone(url), { code: "upgrade_required" });
  const ownerUrl = server.url(name, "owning");
  const store = await openPostgresStore({ url, ownerUrl, now: Date.now, timer: systemTimer });
  assert.equal(await store.write.createMesh(creation()), "created");
  assert.equal((await store.write.appendMessage(message(1))).result, "accepted");
  await store.close();
  // Once the tables are there, the owner is not needed.
  await (await openAlone(url)).close();
  const asRunning = (sql: string) => databases.run(name, `SET ROLE running; ${sql}`);
  for (const sql of [
    "CREATE TABLE other (a TEXT)",
    "DROP TABLE log",
    "ALTER TABLE log ADD COLUMN other TEXT",
    "TRUNCATE log",
    "DELETE FROM migration",
  ]) {
    await assert.rejects(asRunning(sql), { code: "42501" }, sql);
  }
});

test("where the server cannot be reached, or does not know the database, that is said", {
  skip,
}, async () => {
  const { server } = running();
  await assert.rejects(openAlone(server.url("absent")), { code: "not_found" });
  const nowhere = "postgres://postgres@localhost/postgres?host=/nonexistent-folder";
  await assert.rejects(openAlone(nowhere), { code: "unavailable" });
});
