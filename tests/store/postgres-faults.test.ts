import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { migrateStore } from "@claudemesh/broker/maintenance";
import { creation, message } from "../../apps/broker/src/store/acceptance/fixtures.ts";
import type { Store } from "../../apps/broker/src/store/port.ts";
import { openClient } from "../../apps/broker/src/store/postgres/connect.ts";
import {
  openPostgresStore,
  type PostgresStoreOptions,
} from "../../apps/broker/src/store/postgres/open.ts";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { fillEveryTable } from "./every-table.ts";
import { cluster, openAlone, skip } from "./postgres-cluster.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { TlsFront } from "./tls-front.ts";

const running = cluster();
const bound = { skip, timeout: 240_000 };

interface Ground {
  readonly store: Store;
  readonly name: string;
  /** what an operator was told */
  readonly lines: readonly string[];
}

async function ground(t: TestContext, over: Partial<PostgresStoreOptions> = {}): Promise<Ground> {
  const { server, databases } = running();
  const name = await databases.create();
  const lines: string[] = [];
  const log = (event: string, cause: unknown) => lines.push(`${event}: ${cause}`);
  const url = server.url(name);
  const options = { url, now: Date.now, timer: systemTimer, lookMs: 50, log, ...over };
  const store = await openPostgresStore(options);
  t.after(() => store.close());
  // With little patience the first try may come to nothing that it heard of.
  await insist(() => store.write.createMesh(creation()));
  return { store, name, lines };
}

const send = (store: Store, n: number) => store.write.appendMessage(message(n));

/** Asks the store again until it answers: it is not started anew. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + 60_000; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Settles when the store can be read, over connections that it has made anew. */
const reads = (store: Store) => insist(() => store.read.meshes());

async function takenAgain(store: Store, n: number): Promise<void> {
  const { result } = await insist(() => send(store, n));
  assert.equal(result, "accepted");
}

/** What was refused left nothing, what was accepted is there, in one row without a gap. */
async function requireWhole({ store, name }: Ground, accepted: readonly number[]): Promise<void> {
  const { databases } = running();
  const { rows } = await databases.run(
    name,
    "SELECT seq, id FROM log WHERE kind = 'message' ORDER BY seq",
  );
  assert.deepEqual(
    rows.map(({ id }) => id),
    accepted.map((n) => message(n).id),
  );
  const [mesh] = await reads(store);
  assert.equal(mesh?.headSeq, accepted.length + 2);
}

test(
  "a database that takes no writes refuses them with a word, is told of once, and goes on when it takes them again",
  bound,
  async (t) => {
    const one = await ground(t);
    const { databases } = running();
    assert.equal((await send(one.store, 1)).result, "accepted");
    const sessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${one.name}'`;
    const alter = `ALTER DATABASE ${one.name}`;
    await databases.run("postgres", `${alter} SET default_transaction_read_only = on`);
    await databases.run("postgres", sessions);
    for (let refused = 0; refused < 20; refused++) {
      await assert.rejects(send(one.store, 2), { code: "unavailable" });
    }
    // Its connections are back by now, and can do nothing but read.
    await reads(one.store);
    await assert.rejects(one.store.check(), { code: "unavailable" });
    await assert.rejects(send(one.store, 2), { code: "unavailable" });
    await databases.run("postgres", `${alter} RESET default_transaction_read_only`);
    await databases.run("postgres", sessions);
    await takenAgain(one.store, 2);
    await one.store.check();
    await takenAgain(one.store, 3);
    await requireWhole(one, [1, 2, 3]);
    const told = one.lines.filter((line) => line.startsWith("store "));
    // A connection that broke off before may be found so once more: still not a line for each refusal.
    assert.ok(told.length < 10, told.join("\n"));
    assert.match(told[0] ?? "", /^store could not commit: /);
    assert.match(told[1] ?? "", /^store commits again: \d+ batches of writes had been refused$/);
  },
);

test(
  "a statement that waits too long is given up whole, and the same message is taken once the way is free",
  bound,
  async (t) => {
    const one = await ground(t, { timeoutMs: 1_000 });
    const { server } = running();
    const other = await openClient({ url: server.url(one.name), timeoutMs: 60_000 });
    try {
      await other.query("BEGIN");
      await other.query("SELECT 1 FROM mesh FOR UPDATE");
      await assert.rejects(send(one.store, 1), { code: "unavailable" });
      await other.query("ROLLBACK");
    } finally {
      await other.end();
    }
    await takenAgain(one.store, 1);
    await requireWhole(one, [1]);
  },
);

test(
  "where the server has no connection left a broker does not start, and one that runs goes on when there is one",
  bound,
  async (t) => {
    const { server, databases } = running();
    const name = await databases.create();
    await databases.run("postgres", "CREATE ROLE few LOGIN CONNECTION LIMIT 1");
    await databases.run(name, "GRANT ALL ON SCHEMA public TO few");
    const url = server.url(name, "few");
    await assert.rejects(openAlone(url), { code: "unavailable" });
    await databases.run("postgres", "ALTER ROLE few CONNECTION LIMIT 20");
    const store = await openAlone(url);
    t.after(() => store.close());
    await store.write.createMesh(creation());
    await send(store, 1);
    await databases.run("postgres", "ALTER ROLE few CONNECTION LIMIT 0");
    await databases.run(
      "postgres",
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'few'",
    );
    await assert.rejects(send(store, 2), { code: "unavailable" });
    await databases.run("postgres", "ALTER ROLE few CONNECTION LIMIT 20");
    await takenAgain(store, 2);
    await requireWhole({ store, name, lines: [] }, [1, 2]);
  },
);

/** A small file system over a folder that PostgreSQL may write to; undefined where this system lets nobody mount one. */
function smallDisk(folder: string, megabytes: number): (() => void) | undefined {
  const options = `size=${megabytes}m,mode=0700,uid=65534,gid=65534`;
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  if (mounted.status !== 0) return undefined;
  return () => spawnSync("umount", ["-l", folder]);
}

test(
  "a database whose disk is full says so, and takes what it refused once there is room",
  bound,
  async (t) => {
    const { server, databases } = running();
    const folder = await temporaryFolder(t);
    const unmount = smallDisk(folder, 32);
    if (unmount === undefined) return t.skip("nobody may mount a small file system here");
    const name = `full_${process.pid}`;
    try {
      await databases.run("postgres", `CREATE TABLESPACE small LOCATION '${folder}'`);
      await databases.run("postgres", `CREATE DATABASE ${name} TABLESPACE small`);
      const store = await openAlone(server.url(name));
      t.after(() => store.close());
      await store.write.createMesh(creation());
      const ballast = join(folder, "ballast");
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - 256 * 1024));
      chownSync(ballast, 65_534, 65_534);
      const accepted: number[] = [];
      let full: unknown;
      for (let n = 1; full === undefined; n++) {
        try {
          await store.write.appendMessage({ ...message(n), body: noise(60_000) });
          accepted.push(n);
        } catch (error) {
          full = error;
        }
        assert.ok(n < 5_000);
      }
      assert.equal((full as { code?: string }).code, "disk_full");
      rmSync(ballast);
      const next = accepted.length + 1;
      await takenAgain(store, next);
      await requireWhole({ store, name, lines: [] }, [...accepted, next]);
    } finally {
      await databases.run("postgres", `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await databases.run("postgres", "DROP TABLESPACE IF EXISTS small");
      unmount();
    }
  },
);

/** Text that does not compress. */
const noise = (length: number): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(Math.floor(length * 0.75)))).toString("base64");

test(
  "a server with a certificate of its own making is spoken to only where its root is named, for its own name",
  bound,
  async (t) => {
    const { server, databases } = running();
    const name = await databases.create();
    const folder = await temporaryFolder(t);
    await using front = await TlsFront.start(folder, server.socket);
    const at = (host: string, query: string) =>
      `postgres://postgres@${host}:${front.port}/${name}?${query}`;
    const root = `sslrootcert=${encodeURIComponent(front.certificate)}`;
    for (const mode of ["require", "verify-ca", "verify-full", "prefer"]) {
      await assert.rejects(openAlone(at("localhost", `sslmode=${mode}`)), {
        code: "unavailable",
        message: /no TLS to the database: self-signed certificate/,
        hint: /sslrootcert/,
      });
      await assert.rejects(openAlone(at("127.0.0.1", `sslmode=${mode}&${root}`)), {
        code: "unavailable",
        message: /no TLS to the database: Hostname\/IP does not match/,
      });
      const store = await openAlone(at("localhost", `sslmode=${mode}&${root}`));
      assert.deepEqual(await store.read.meshes(), []);
      await store.close();
    }
    await assert.rejects(
      openAlone(at("localhost", "sslmode=verify-full&sslrootcert=/nowhere.pem")),
      {
        code: "not_found",
        message: /names a file that is not there: \/nowhere.pem/,
      },
    );
    const plain = await openAlone(at("localhost", "sslmode=disable"));
    await plain.close();
    await using without = await TlsFront.start(folder, server.socket, false);
    const url = `postgres://postgres@localhost:${without.port}/${name}?sslmode=require`;
    await assert.rejects(openAlone(url), { code: "unavailable", message: /does not support SSL/ });
  },
);

test("a server that would lose what it acknowledges is refused by name", bound, async () => {
  const { server, databases } = running();
  const name = await databases.create();
  await databases.run("postgres", `ALTER DATABASE ${name} SET synchronous_commit = off`);
  await assert.rejects(openAlone(server.url(name)), {
    code: "unavailable",
    message: /synchronous_commit is off, with which messages could be lost/,
  });
});

test(
  "a move to PostgreSQL that is killed in the middle leaves the database empty, and is made again",
  bound,
  async (t) => {
    const { server, databases } = running();
    const name = await databases.create();
    const url = server.url(name);
    const folder = await temporaryFolder(t);
    await fillEveryTable(folder);
    // The tables are made first, so that one of them can stand in the way of the copying.
    await (await openAlone(url)).close();
    const other = await openClient({ url, timeoutMs: 60_000 });
    t.after(() => other.end());
    await other.query("BEGIN");
    await other.query("LOCK TABLE log IN SHARE MODE");
    const script = `
    import { migrateStore } from "@claudemesh/broker/maintenance";
    await migrateStore({ folder: process.argv[1], url: process.argv[2], at: 1 }, ({ table }) => console.log(table));`;
    const args = ["--input-type=module-typescript", "-e", script, folder, url];
    const child = spawn(process.execPath, args, {
      cwd: join(import.meta.dirname, "../../apps/cli"),
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "close");
    await other.query("ROLLBACK");
    const { rows } = await other.query(
      "SELECT (SELECT count(*) FROM mesh) + (SELECT count(*) FROM log) AS left",
    );
    assert.equal(Number(rows[0].left), 0);
    for (const deadline = Date.now() + 60_000; ; ) {
      try {
        assert.ok((await migrateStore({ folder, url, at: 1 })).length > 10);
        return;
      } catch (error) {
        // The server has not seen yet that the first one has gone.
        if ((error as { code?: string }).code !== "in_use" || Date.now() > deadline) throw error;
      }
    }
  },
);
