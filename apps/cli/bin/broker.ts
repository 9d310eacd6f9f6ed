import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import {
  type BrokerConfig,
  createBroker,
  loadConfig,
  loadSecrets,
  sweepSooner,
} from "@claudemesh/broker";
import type { StartBroker } from "../src/host.ts";

/** Starts a broker in this process: flags before environment before defaults. Throws what the broker throws, with nothing left listening. */
export const startBroker: StartBroker = async ({ defaultDataDir, flags, isEmbedded = false }) => {
  const { env } = process;
  const warn = (message: string) => process.stderr.write(`warning: ${message}\n`);
  const first = loadConfig({
    env,
    warn,
    args: flags,
    defaults: { logLevel: "warn", dataDir: defaultDataDir },
  });
  const config = {
    ...first,
    dataDir: resolve(first.dataDir),
    publicUrl: first.publicUrl || reachableUrl(first),
  };
  sweepSooner();
  const broker = await createBroker(config, {
    secrets: await loadSecrets(isEmbedded ? withoutDatabase(env) : env, flags),
  });
  try {
    await broker.start();
  } catch (error) {
    await broker.stop();
    throw error;
  }
  if (config.tlsCert !== "") process.on("SIGHUP", broker.reload);
  const { host, dataDir, publicUrl } = config;
  const { exposed, stop, url } = broker;
  return { url, publicUrl: publicUrl || url, host, dataDir, exposed, stop };
};

const withoutDatabase = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("DATABASE_")));

/** For a broker on every address: one by which other machines reach this one. A port that is not known yet cannot be named. */
function reachableUrl({ host, port, tlsCert }: BrokerConfig): string {
  if ((host !== "0.0.0.0" && host !== "::") || port === 0) return "";
  const outer = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  return outer ? `${tlsCert === "" ? "http" : "https"}://${outer.address}:${port}` : "";
}
