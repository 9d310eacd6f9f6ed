import { openClient } from "../../../../apps/broker/src/store/postgres/connect.ts";
import type { PostgresServer } from "./server.ts";

const timeoutMs = 60_000;

/** Makes and fills databases on a server, also after that was started again. */
export class Databases {
  readonly #server: PostgresServer;
  #made = 0;

  constructor(server: PostgresServer) {
    this.#server = server;
  }

  /** A new, empty database; answers its name. */
  async create(): Promise<string> {
    this.#made += 1;
    const name = `store${this.#made}`;
    await this.run("postgres", `CREATE DATABASE ${name}`);
    return name;
  }

  /** Takes every row out of a database's tables but the record of migrations, which is far quicker than a new database. */
  async empty(database: string): Promise<void> {
    const { rows } = await this.run(
      database,
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration'",
    );
    await this.run(database, rows.map(({ name }) => `DELETE FROM ${name}`).join("; "));
  }

  /** Runs statements on a database as the server's administrator. */
  async run(database: string, sql: string) {
    const client = await openClient({ url: this.#server.url(database), timeoutMs });
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }
}
