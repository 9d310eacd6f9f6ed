import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What is not as it was, of one mesh and of all others. */
export interface Changes {
  readonly ours: string[];
  readonly others: string[];
}

/** The tables of a broker that runs, read beside it. */
export class Stored {
  readonly #before: DatabaseSync;
  readonly #now: DatabaseSync;
  #version = 0;

  constructor(folder: string) {
    const open = () => new DatabaseSync(join(folder, "broker.db"), { readOnly: true });
    this.#before = open();
    this.#now = open();
  }

  /** Keeps what is stored at this moment in view, until `release`. */
  hold(): void {
    this.#before.exec("BEGIN");
    // The snapshot is taken by the first read.
    this.#before.prepare("SELECT count(*) FROM mesh").get();
    this.#version = versionOf(this.#now);
  }

  /** Whether anything was written since `hold`. */
  get isWritten(): boolean {
    return versionOf(this.#now) !== this.#version;
  }

  /** Tables whose rows are not those of when `hold` was called: of `mesh`, and of any other. When a device was last there does not count. */
  changes(mesh: string): Changes {
    const ours: string[] = [];
    const others: string[] = [];
    if (this.isWritten) {
      const before = tables(this.#before, mesh);
      const now = tables(this.#now, mesh);
      for (const [name, rows] of Object.entries(now)) {
        if (rows.ours !== before[name]?.ours) ours.push(name);
        if (rows.others !== before[name]?.others) others.push(name);
      }
    }
    return { ours, others };
  }

  release(): void {
    this.#before.exec("COMMIT");
  }

  [Symbol.dispose](): void {
    this.#before.close();
    this.#now.close();
  }
}

/** Differs from before when another connection may have written. */
const versionOf = (database: DatabaseSync): number =>
  Number(database.prepare("PRAGMA data_version").get()?.data_version);

function tables(database: DatabaseSync, mesh: string) {
  const number = database.prepare("SELECT no FROM mesh WHERE id = ?").get(mesh)?.no;
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  return Object.fromEntries(
    names.map(({ name }) => {
      const rows = database.prepare(`SELECT * FROM "${name}"`).all();
      const isOurs = (row: (typeof rows)[number]) =>
        (name === "mesh" ? row.no : row.mesh) === number;
      const text = (which: typeof rows) =>
        JSON.stringify(which.map((row) => ({ ...row, last_seen_at: 0 })));
      const others = text(rows.filter((row) => !isOurs(row)));
      return [String(name), { ours: text(rows.filter(isOurs)), others }];
    }),
  );
}
