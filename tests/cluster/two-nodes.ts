import { rmSync } from "node:fs";
import type { BrokerConfig, BrokerOverrides } from "@claudemesh/broker";
import type { WirePeer } from "@claudemesh/protocol";
import { newFolder, startBroker, type TestBroker } from "../broker/support/broker.ts";
import type { Client } from "../broker/support/client.ts";
import { TestMember } from "../broker/support/member.ts";
import type { Cluster } from "../store/postgres-cluster.ts";

/** Two brokers of one database in this process, each with its own connections to everything; gone at the end of the scope. */
export class TwoNodes implements AsyncDisposable {
  readonly one: TestBroker;
  readonly two: TestBroker;
  /** the database's name */
  readonly database: string;
  /** theirs, for a third that joins them */
  readonly folder: string;

  private constructor(parts: Pick<TwoNodes, "database" | "folder" | "one" | "two">) {
    this.one = parts.one;
    this.two = parts.two;
    this.database = parts.database;
    this.folder = parts.folder;
  }

  static async start(
    { server, databases }: Cluster,
    natsUrl?: string,
    config: Partial<BrokerConfig> = {},
    time: Partial<Pick<BrokerOverrides, "now" | "timer">> = {},
  ): Promise<TwoNodes> {
    const folder = newFolder();
    const database = await databases.create();
    const databaseUrl = server.url(database);
    const secrets = { databaseUrl, natsUrl, encryptionKey: undefined, metricsToken: undefined };
    const one = await startBroker(config, { secrets, ...time }, folder);
    try {
      const two = await startBroker(config, { secrets, ...time }, folder);
      return new TwoNodes({ one, two, database, folder });
    } catch (error) {
      await one[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.one[Symbol.asyncDispose](), this.two[Symbol.asyncDispose]()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The same member and device at another node. */
export const atNode = (member: TestMember, { url }: { readonly url: string }): TestMember =>
  Object.assign(new TestMember(url, member.secret, member.roster, member.id), {
    device: member.device,
    now: member.now,
  });

/** The sessions that are there, as a client sees them. */
export async function sessionsAt(client: Client): Promise<string[]> {
  const { items } = await client.call("peer.list", {});
  return (items as WirePeer[]).flatMap(({ session }) => session?.attestation.session ?? []);
}

/** A feed that has read everything there was. */
export async function feedOf(member: TestMember): Promise<Client> {
  const feed = await member.connect("feed");
  await feed.find(({ kind }) => kind === "caught_up");
  return feed;
}

/** Asks again until the answer fits; what never fits is the test's time-out. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
