import { test } from "node:test";
import type { BrokerConfig } from "@claudemesh/broker";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { RestWorld } from "./rest-world.ts";

const running = cluster();

/** Makes of what holds of a broker's REST interface two tests: on its own store, and on PostgreSQL. */
export function onBothStores(
  name: string,
  config: Partial<BrokerConfig>,
  hold: (world: RestWorld) => Promise<void>,
): void {
  test(name, async () => {
    await using world = await RestWorld.start(config);
    await hold(world);
  });
  test(`on PostgreSQL: ${name}`, { skip }, async () => {
    const { server, databases } = running();
    const databaseUrl = server.url(await databases.create());
    const secrets = { databaseUrl, encryptionKey: undefined, metricsToken: undefined };
    await using world = await RestWorld.start(config, { secrets });
    await hold(world);
  });
}
