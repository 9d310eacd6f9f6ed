import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import type { Schema } from "../schema.ts";

const cachedStatements = 128;

/** Kysely over a `node:sqlite` connection, whose owner closes it; prepared statements are kept, the least recently used go first. */
export function kyselyOver(db: DatabaseSync): Kysely<Schema> {
  const statements = new Map<string, SqliteStatement>();
  const prepare = (sql: string): SqliteStatement => {
    const statement = statements.get(sql) ?? adapt(db.prepare(sql));
    statements.delete(sql);
    statements.set(sql, statement);
    if (statements.size > cachedStatements) {
      for (const oldest of statements.keys()) {
        statements.delete(oldest);
        break;
      }
    }
    return statement;
  };
  const database: SqliteDatabase = { prepare, close: () => statements.clear() };
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database }) });
}

function adapt(statement: StatementSync): SqliteStatement {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    // Copied, since the rows of `node:sqlite` have no prototype.
    all: (parameters) => statement.all(...values(parameters)).map((row) => ({ ...row })),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
