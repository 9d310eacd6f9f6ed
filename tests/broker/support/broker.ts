import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Broker,
  type BrokerConfig,
  type BrokerOverrides,
  createBroker,
  createLogger,
  loadConfig,
} from "@claudemesh/broker";
import { bundledWriter } from "../../../packages/testkit/src/bundled-writer.ts";

/** A started broker on a free port, with its log lines; gone, with its folder, at the end of the scope. */
export interface TestBroker extends AsyncDisposable {
  readonly broker: Broker;
  readonly url: string;
  readonly folder: string;
  readonly lines: string[];
}

export const generous = { perSecond: 1_000_000, burst: 1_000_000 };

const unlimited: Partial<BrokerConfig> = {
  port: 0,
  rateJoin: generous,
  rateMessage: generous,
  ratePresence: generous,
  rateRead: generous,
  rateReceipt: generous,
  rateWrite: generous,
  anonymousPerAddress: 1_000,
  connectionsPerMember: 1_000,
};

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "claudemesh-broker-"));

export const testConfig = (folder: string, config: Partial<BrokerConfig> = {}): BrokerConfig =>
  loadConfig({ overrides: { ...unlimited, dataDir: folder, logLevel: "debug", ...config } });

/** With `folder`, the broker works there and leaves it. */
export async function startBroker(
  config: Partial<BrokerConfig> = {},
  overrides: Partial<BrokerOverrides> = {},
  folder?: string,
): Promise<TestBroker> {
  const own = folder ?? newFolder();
  const lines: string[] = [];
  const now = overrides.now ?? Date.now;
  const log = createLogger({ level: "debug", now, write: (line) => lines.push(line) });
  const broker = await createBroker(testConfig(own, config), {
    checkOutput: true,
    log,
    ...bundledWriter,
    ...overrides,
  });
  await broker.start();
  return {
    broker,
    url: broker.url,
    folder: own,
    lines,
    async [Symbol.asyncDispose]() {
      await broker.stop();
      if (folder === undefined) rmSync(own, { recursive: true, force: true });
    },
  };
}
