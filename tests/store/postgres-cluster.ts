import { after, before } from "node:test";
import { ready, systemRandom } from "@claudemesh/crypto";
import { NotifyBus } from "../../apps/broker/src/bus/notify.ts";
import type { Store } from "../../apps/broker/src/store/port.ts";
import { openPostgresStore } from "../../apps/broker/src/store/postgres/open.ts";
import { systemTimer } from "../../apps/broker/src/timer.ts";
import { withoutPostgres } from "../../packages/testkit/src/postgres/binaries.ts";
import { Databases } from "../../packages/testkit/src/postgres/databases.ts";
import { PostgresServer } from "../../packages/testkit/src/postgres/server.ts";

/** Why nothing of this can run here, or false. */
export const skip = withoutPostgres();

export interface Cluster {
  readonly server: PostgresServer;
  readonly databases: Databases;
}

/** One real server for the tests of a file; call it once, at the top. */
export function cluster(): () => Cluster {
  let running: Cluster | undefined;
  if (skip === false) {
    before(async () => {
      const server = await PostgresServer.start();
      running = { server, databases: new Databases(server) };
    });
    after(async () => {
      await running?.server[Symbol.asyncDispose]();
    });
  }
  return () => {
    if (running === undefined) throw new Error("the server is not running");
    return running;
  };
}

/** A store as one of several nodes. */
export async function openNode(
  url: string,
  over: { readonly lookMs?: number } = {},
): Promise<Store> {
  await ready();
  const bus = await NotifyBus.open({
    url,
    timeoutMs: 15_000,
    timer: systemTimer,
    random: systemRandom,
    secret: new Uint8Array(32),
    now: Date.now,
  });
  const store = await openPostgresStore({ url, now: Date.now, timer: systemTimer, bus, ...over });
  const close = async () => {
    await store.close();
    await bus.close();
  };
  return { ...store, close };
}

/** A store as the only broker of its database. */
export const openAlone = (url: string): Promise<Store> =>
  openPostgresStore({ url, now: Date.now, timer: systemTimer });
