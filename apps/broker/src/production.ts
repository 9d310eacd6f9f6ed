import { MeshError } from "@claudemesh/protocol";
import { secretSettings } from "./config/secret-settings.ts";
import type { BrokerSecrets } from "./config/secrets.ts";
import type { BrokerConfig } from "./config/settings.ts";
import { isOwnMachine } from "./limits/client-address.ts";
import type { Logger } from "./logger.ts";

export interface Surroundings {
  readonly config: Pick<BrokerConfig, "host" | "production" | "publicUrl" | "tlsCert">;
  readonly secrets: BrokerSecrets;
  /** the user that the process runs as; undefined where there are no numbers for users */
  readonly user: number | undefined;
  readonly log: Logger;
}

/** What is unsafe about how the broker is run: in production it refuses to start, else it warns. Throws `forbidden` with what to do. */
export function requireSafe({ config, log, secrets, user }: Surroundings): void {
  const isPublic = config.host !== "localhost" && !isOwnMachine(config.host);
  const unsafe = (message: string, hint: string): void => {
    if (config.production) throw new MeshError("forbidden", message, { hint });
    log.warn(message, { hint });
  };
  if (isPublic && user === 0) {
    unsafe(
      "a broker that others reach must not run as root",
      "run it as a user of its own, which owns nothing but the data folder",
    );
  }
  if (config.production && secrets.encryptionKey === undefined) {
    const { env, flag } = secretSettings.encryptionKey;
    unsafe(
      "in production the broker's own keys are not kept unsealed",
      `give ${flag} (or ${env}_FILE) a file with the output of: openssl rand -base64 32`,
    );
  }
  if (isPublic && config.tlsCert === "" && !config.publicUrl.startsWith("https:")) {
    log.warn("others reach the broker without TLS and can see who talks to whom", {
      hint: "give --tls-cert and --tls-key, or put a proxy with TLS in front and its https URL in --public-url",
    });
  }
}
