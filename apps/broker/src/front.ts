import type { Server as HttpsServer } from "node:https";
import { newRequestId, type RandomSource } from "@claudemesh/crypto/verify";
import { isBlobPath } from "./blob/blob-route.ts";
import type { BrokerSecrets } from "./config/secrets.ts";
import type { BrokerConfig } from "./config/settings.ts";
import { type HttpOptions, httpServer } from "./http.ts";
import type { Sockets } from "./limits/sockets.ts";
import { metricsAccess } from "./observe/metrics-access.ts";
import type { Timer } from "./timer.ts";
import { reloadTls, type TlsReload, tlsContext } from "./tls.ts";
import { type UpgradeOptions, upgradeHandler } from "./upgrade.ts";
import type { WebServer } from "./web-server.ts";

/** What `openFront` makes of the rest. */
type Made = "crossOrigin" | "mayReadMetrics" | "newRequestId" | "server";

export interface FrontOptions extends Omit<HttpOptions, Made>, UpgradeOptions {
  readonly config: BrokerConfig;
  readonly secrets: BrokerSecrets;
  readonly sockets: Sockets;
  readonly random: RandomSource;
  readonly timer: Timer;
}

export interface Front {
  readonly server: WebServer;
  /** where the broker speaks TLS itself */
  readonly tls: TlsReload | undefined;
}

/** sockets beside those of connections: requests for pages, health and REST */
const otherSockets = 1_000;

/** how long one part of a file may be on its way */
const partMs = 10 * 60_000;

/** What strangers see of a broker: its server with every bound, upgrades to connections, and TLS where that is configured. Listens to nothing yet. */
export function openFront(options: FrontOptions): Front {
  const { addresses, config, hosts, log, random, secrets, sockets, timer } = options;
  const { tlsCert: cert, tlsKey: key } = config;
  const files = cert === "" ? undefined : { cert, key };
  const server = httpServer({
    ...options,
    server: {
      headersMs: config.headersMs,
      longMs: partMs,
      isLong: ({ url = "/" }) => isBlobPath(url),
      tls: files && tlsContext(files),
      mostSockets: config.connections + otherSockets,
      admit: sockets.admit,
    },
    crossOrigin: { hosts, origins: config.origins },
    mayReadMetrics: metricsAccess({ addresses, token: secrets.metricsToken, key: random(32) }),
    newRequestId: () => newRequestId(random),
  });
  server.on("upgrade", upgradeHandler(options));
  const tls = files && reloadTls(server as HttpsServer, files, timer, log);
  return { server, tls };
}
