import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Target } from "../chaos/target.ts";
import { FaultProxy } from "../faults/fault-proxy.ts";
import type { Seeded } from "../faults/seeded.ts";
import { systemTimer } from "../faults/system-timer.ts";
import { Databases } from "../postgres/databases.ts";
import { PostgresServer } from "../postgres/server.ts";
import { NatsServer, withoutNats } from "./nats-server.ts";
import type { ClusterBug, NodeOrders } from "./orders.ts";

export interface ClusterOptions {
  readonly nodes: number;
  readonly random: Seeded;
  readonly bug?: ClusterBug | undefined;
  /** how long PostgreSQL may take to answer a node; 2 s unless given, so that one that is gone is noticed soon */
  readonly postgresTimeoutMs?: number | undefined;
  /** told of a node that ended by itself */
  readonly crashed?: (node: string, how: string) => void;
}

/** One node with what stands between it and the servers. */
export interface ClusterNode {
  readonly target: Target;
  readonly toPostgres: FaultProxy;
  readonly toNats: FaultProxy | undefined;
  /** what its clock is off by, from its next start on */
  clockOffsetMs: number;
  port: number;
}

const program = join(import.meta.dirname, "node-process.ts");

/** A PostgreSQL server, a nats-server where there is one, and so many nodes as processes of their own, with fault proxies between; in temporary folders, on ports that were chosen by the system. */
export class Cluster implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "claudemesh-cluster-"));
  readonly postgres: PostgresServer;
  readonly databases: Databases;
  readonly database: string;
  readonly nats: NatsServer | undefined;
  readonly nodes: ClusterNode[] = [];
  /** between clients and nodes, one for each of them in turn; the first is the public address */
  readonly fronts: FaultProxy[] = [];
  readonly #options: ClusterOptions;

  private constructor(
    options: ClusterOptions,
    postgres: PostgresServer,
    database: string,
    nats: NatsServer | undefined,
  ) {
    this.#options = options;
    this.postgres = postgres;
    this.databases = new Databases(postgres);
    this.database = database;
    this.nats = nats;
  }

  /** Starts the servers, then the nodes one after the other: the first makes the tables. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const postgres = await PostgresServer.start();
    const nats = withoutNats() === false ? await NatsServer.start() : undefined;
    await new Databases(postgres).run("postgres", "CREATE DATABASE cluster");
    const cluster = new Cluster(options, postgres, "cluster", nats);
    try {
      for (let index = 0; index < options.nodes; index += 1) {
        cluster.fronts.push(await cluster.#proxy(() => cluster.#routed(index)));
        cluster.nodes.push(await cluster.#node(index));
      }
      for (const { target } of cluster.nodes) await target.start();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** by which all nodes are known to devices */
  get url(): string {
    return this.fronts[0]?.url ?? "";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { target } of this.nodes) if (target.isRunning) await target.child.kill();
    for (const proxy of this.#proxies()) await proxy[Symbol.asyncDispose]();
    await this.nats?.[Symbol.asyncDispose]();
    await this.postgres[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }

  *#proxies(): Generator<FaultProxy> {
    yield* this.fronts;
    for (const { toPostgres, toNats } of this.nodes) {
      yield toPostgres;
      if (toNats) yield toNats;
    }
  }

  #proxy(target: () => number | string): Promise<FaultProxy> {
    const random = this.#options.random.fork();
    return FaultProxy.start({ target, random, now: Date.now, timer: systemTimer });
  }

  /** Where a front leads: to its own node, or to another one while that does not run. */
  #routed(index: number): number {
    const isUp = ({ target, port }: ClusterNode) => target.isRunning && port !== 0;
    const own = this.nodes[index];
    return ((own && isUp(own) ? own : this.nodes.find(isUp)) ?? own)?.port ?? 0;
  }

  async #node(index: number): Promise<ClusterNode> {
    const { nats } = this;
    const toPostgres = await this.#proxy(() => this.postgres.socket);
    const toNats = nats && (await this.#proxy(() => nats.port));
    const node: ClusterNode = {
      toPostgres,
      toNats,
      clockOffsetMs: 0,
      port: 0,
      target: new Target({
        name: `node ${index + 1}`,
        program,
        orders: (): NodeOrders => ({
          // With a database there is nothing in it but the keys, which all nodes share.
          folder: join(this.folder, "broker"),
          publicUrl: this.url,
          env: {
            DATABASE_URL: `postgres://postgres@127.0.0.1:${toPostgres.port}/${this.database}`,
            ...(toNats ? { NATS_URL: `nats://127.0.0.1:${toNats.port}` } : {}),
          },
          clockOffsetMs: node.clockOffsetMs,
          bug: this.#options.bug,
          postgresTimeoutMs: this.#options.postgresTimeoutMs ?? 2_000,
        }),
        said: (_, line) => {
          node.port = (line as { port: number }).port;
        },
        ended: (process, how) => {
          node.port = 0;
          if (!["SIGKILL", "SIGTERM", "code 0"].includes(how)) {
            this.#options.crashed?.(process, how);
          }
        },
      }),
    };
    return node;
  }
}
