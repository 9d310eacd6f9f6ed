import type { Store } from "../../apps/broker/src/store/port.ts";
import { openPostgresStore } from "../../apps/broker/src/store/postgres/open.ts";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { NatsServer, withoutNats } from "../../packages/testkit/src/cluster/nats-server.ts";
import { withoutPostgres } from "../../packages/testkit/src/postgres/binaries.ts";
import { Databases } from "../../packages/testkit/src/postgres/databases.ts";
import { PostgresServer } from "../../packages/testkit/src/postgres/server.ts";
import { type Resources, temporaryFolder } from "../resources.ts";

/** Why these rows cannot be measured here, or false. */
export const cannotScale = (): string | false => withoutPostgres() || withoutNats();

const flags = [
  ...["--dead-peer-ms", "600000", "--connections", "20000", "--anonymous-per-address", "20000"],
  ...["--connections-per-member", "20000", "--connections-per-mesh", "20000"],
  ...["--sockets-per-address", "20000"],
];

/** One PostgreSQL and one nats-server for all rows, each with a database of its own. */
export class ScaleGround {
  readonly postgres: PostgresServer;
  readonly databases: Databases;
  readonly #nats: NatsServer;
  readonly #resources: Resources;

  private constructor(postgres: PostgresServer, nats: NatsServer, resources: Resources) {
    this.postgres = postgres;
    this.databases = new Databases(postgres);
    this.#nats = nats;
    this.#resources = resources;
  }

  static async start(resources: Resources): Promise<ScaleGround> {
    const postgres = resources.use(await PostgresServer.start());
    const nats = resources.use(await NatsServer.start());
    return new ScaleGround(postgres, nats, resources);
  }

  /** A store by itself on a database, for filling it; to be closed before nodes are started there. */
  open(database: string): Promise<Store> {
    const url = this.postgres.url(database);
    return openPostgresStore({ url, now: Date.now, timer: systemTimer });
  }

  /** So many brokers on one database, as an operator starts them, but without rate limits. */
  async nodes(database: string, count: number): Promise<BrokerProcess[]> {
    const folder = temporaryFolder(this.#resources);
    const env = {
      DATABASE_URL: this.postgres.url(database),
      NATS_URL: `nats://127.0.0.1:${this.#nats.port}`,
    };
    const nodes: BrokerProcess[] = [];
    while (nodes.length < count) {
      nodes.push(this.#resources.use(await BrokerProcess.start({ folder, env, flags })));
    }
    return nodes;
  }
}
