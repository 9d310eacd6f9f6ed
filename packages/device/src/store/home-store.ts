import { statSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { RandomSource } from "@claudemesh/crypto";
import { toHex } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import { z } from "zod";
import type { HomeFolder } from "../home/home-folder.ts";
import { ensurePrivate, readPrivate, writePrivate } from "../home/private-file.ts";
import { storageError } from "../home/storage-error.ts";
import { damaged, parseVersioned } from "../home/versioned-json.ts";
import { checkPages, checkSchema } from "./check-store.ts";
import { appliedOf, migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";

/** Above this size the whole-file check at start is left out; SQLite still refuses a wrong header or length. */
const checkedBytes = 4 * 1024 * 1024;
const busyMs = 10_000;

const Marker = z.strictObject({ v: z.literal(1) });

/** The home's SQLite database. Reads see the last commit of any process; `write` is one durable transaction. */
export class HomeStore {
  readonly #db: DatabaseSync;
  readonly #home: HomeFolder;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(db: DatabaseSync, home: HomeFolder) {
    this.#db = db;
    this.#home = home;
  }

  /** Opens the store, made on first need. Throws `home_damaged`, `upgrade_required`, `not_writable`, `disk_full`. */
  static open(home: HomeFolder, now: () => number, random: RandomSource): HomeStore {
    const { marker, database } = home.paths;
    const text = readPrivate(marker);
    if (text === undefined) {
      home.whileMaking(() => make(home, now, random));
    } else {
      parseVersioned(Marker, text, marker);
    }
    try {
      const size = statSync(database, { throwIfNoEntry: false })?.size;
      if (size === undefined) throw damaged(database, "it is missing");
      if (size === 0) throw damaged(database, "it is empty");
      const db = connect(database);
      try {
        if (size <= checkedBytes) checkPages(db, database);
        const made = appliedOf(db, migrations);
        checkSchema(db, database, made);
        if (made.length < migrations.length) {
          home.whileMaking(() => migrate(db, migrations, now()));
        }
      } catch (error) {
        db.close();
        throw error;
      }
      return new HomeStore(db, home);
    } catch (error) {
      throw storageError(error, database);
    }
  }

  all<T>(sql: string, ...params: SQLInputValue[]): T[] {
    return this.#guard(() => this.#prepare(sql).all(...params) as unknown as T[]);
  }

  get<T>(sql: string, ...params: SQLInputValue[]): T | undefined {
    return this.#guard(() => this.#prepare(sql).get(...params) as unknown as T | undefined);
  }

  /** Runs one statement and answers how many rows it changed. */
  run(sql: string, ...params: SQLInputValue[]): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...params).changes));
  }

  /** Runs `fn` as one transaction: all of it is on stable storage afterwards, or nothing. Inside another `write` it joins that one. */
  write<T>(fn: () => T): T {
    if (this.#db.isTransaction) return fn();
    this.#home.mend();
    return this.#guard(() => {
      this.#db.exec("BEGIN IMMEDIATE");
      try {
        const result = fn();
        this.#db.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /** Changes when another connection has committed. */
  version(): number {
    return this.get<{ data_version: number }>("PRAGMA data_version")?.data_version ?? 0;
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(fn: () => T): T {
    try {
      return fn();
    } catch (error) {
      throw error instanceof MeshError ? error : storageError(error, this.#home.paths.database);
    }
  }
}

function make(home: HomeFolder, now: () => number, random: RandomSource): void {
  const { marker, database } = home.paths;
  if (readPrivate(marker) !== undefined) return;
  home.mend();
  ensurePrivate(database);
  try {
    const db = connect(database);
    try {
      migrate(db, migrations, now());
    } finally {
      db.close();
    }
  } catch (error) {
    throw storageError(error, database);
  }
  writePrivate(marker, `${JSON.stringify({ v: 1 })}\n`, toHex(random(6)));
}

function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: busyMs });
  try {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    db.exec("PRAGMA temp_store = MEMORY");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
