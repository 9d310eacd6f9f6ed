import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A home's database as it lies on the disk, read beside whoever works in it. */
export interface HomeRows extends Disposable {
  rows<T>(sql: string): T[];
}

/** Opens a home's database for reading. */
export function openHomeStore(home: string): HomeRows {
  const db = new DatabaseSync(join(home, "home.db"), { readOnly: true });
  return {
    rows: <T>(sql: string) => db.prepare(sql).all() as unknown as T[],
    [Symbol.dispose]: () => db.close(),
  };
}
