import type { RandomSource } from "@claudemesh/crypto/verify";
import type { BrokerSecrets } from "../config/secrets.ts";
import type { BrokerConfig } from "../config/settings.ts";
import { loadKeys } from "../keys.ts";
import type { Timer } from "../timer.ts";
import { InProcessBus } from "./in-process.ts";
import type { Bus } from "./port.ts";

export interface BusSurroundings {
  readonly random: RandomSource;
  readonly now: () => number;
  readonly timer: Timer;
  /** told of a listener that throws, and of a bus that is lost */
  readonly log: (event: string, cause: unknown) => void;
}

/** Opens the way to the other nodes of the same database: through it, where there is one; a broker on a data folder is alone. */
export async function openBus(
  config: BrokerConfig,
  secrets: BrokerSecrets,
  around: BusSurroundings,
): Promise<Bus> {
  if (secrets.databaseUrl === undefined) return new InProcessBus().join();
  const { cursor: secret } = loadKeys(config.dataDir, around.random, secrets.encryptionKey);
  if (secrets.natsUrl !== undefined) {
    const { NatsBus } = await import("./nats.ts");
    const { natsUrl: url, natsCredentials: credentials } = secrets;
    return NatsBus.open({ url, credentials, secret, ...around });
  }
  const { NotifyBus } = await import("./notify.ts");
  const to = { url: secrets.databaseUrl, timeoutMs: config.postgresTimeoutMs };
  return await NotifyBus.open({ ...to, secret, ...around });
}
