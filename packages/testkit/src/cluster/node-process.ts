import { createBroker, createLogger, loadConfig, loadSecrets } from "@claudemesh/broker";
import { endWithParent } from "../chaos/end-with-parent.ts";
import { openBuggyStore } from "./buggy-store.ts";
import type { NodeOrders } from "./orders.ts";

/** One node as it is, but for its clock, which may be off. Prints `{"port":…}` when ready; SIGTERM stops it in order. */
const orders = JSON.parse(process.argv[2] ?? "{}") as NodeOrders;
endWithParent();

const fast = { perSecond: 1_000_000, burst: 1_000_000 };
const config = loadConfig({
  env: orders.env,
  overrides: {
    dataDir: orders.folder,
    port: 0,
    publicUrl: orders.publicUrl,
    connectionsPerMember: 1_000,
    rateJoin: fast,
    rateMessage: fast,
    rateRead: fast,
    rateReceipt: fast,
    rateWrite: fast,
    // Dead connections are found within the length of a short run.
    pingMs: 1_000,
    deadPeerMs: 3_000,
    drainMs: 1_000,
    postgresTimeoutMs: orders.postgresTimeoutMs,
    logLevel: "silent",
  },
});
const now = () => Date.now() + orders.clockOffsetMs;
const write = (line: string) => process.stderr.write(`${line}\n`);
const log = createLogger({ level: config.logLevel, now, write });
const secrets = await loadSecrets(orders.env);
const { bug } = orders;
const planted = bug === undefined ? {} : await openBuggyStore(bug, config, secrets);
const broker = await createBroker(config, { now, log, secrets, ...planted });
process.once("SIGTERM", () => void broker.stop().then(() => process.exit(0)));
await broker.start();
process.stdout.write(`${JSON.stringify({ port: broker.port })}\n`);
