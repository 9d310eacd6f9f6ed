import { dirname, join } from "node:path";
import { startChild } from "../child.ts";
import { type Resources, temporaryFolder } from "../resources.ts";

/** This checkout. */
export const here = dirname(dirname(import.meta.dirname));

export interface BrokerProcess {
  readonly url: string;
  readonly pid: number;
  /** its database file */
  readonly database: string;
}

const settings = {
  port: 0,
  // A row waits for its turn longer than a silent client would be kept.
  deadPeerMs: 600_000,
  connections: 20_000,
  connectionsPerMember: 20_000,
  logLevel: "warn",
  rateJoin: "1000000/1000000",
  rateMessage: "1000000/1000000",
  rateWrite: "1000000/1000000",
};

/** A checkout's real broker in its own process on a fresh folder, with rate limits raised so that the store is what limits. */
export async function startBroker(
  resources: Resources,
  checkout = here,
  more: Readonly<Record<string, string>> = {},
): Promise<BrokerProcess> {
  const folder = temporaryFolder(resources);
  const flags = Object.entries({ ...settings, ...more, data: folder }).flatMap(([name, value]) => [
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    String(value),
  ]);
  const { pid, ready } = await startChild(
    resources,
    join(checkout, "apps/broker/src/main.ts"),
    flags,
  );
  return { url: String(ready.url), pid, database: join(folder, "broker.db") };
}
