import { createBroker, createLogger, loadConfig } from "@claudemesh/broker";
import { openSqliteStore } from "../../../../apps/broker/src/store/sqlite/open.ts";
import { bundledWriter } from "../bundled-writer.ts";
import { brokerFailpoints, withFailpoints } from "../faults/broker-failpoints.ts";
import { dieAtOnce, failpoints, parseFailpoint } from "../faults/failpoints.ts";
import { systemTimer } from "../faults/system-timer.ts";
import { withEarlyReply } from "./early-reply.ts";
import { endWithParent } from "./end-with-parent.ts";
import type { BrokerOrders } from "./orders.ts";

/** A broker as it is, on a store that passes failpoints. Prints `{"port":…}` when ready; SIGTERM stops it in order. */
const orders = JSON.parse(process.argv[2] ?? "{}") as BrokerOrders;
endWithParent();

const fast = { perSecond: 100_000, burst: 100_000 };
const config = loadConfig({
  overrides: {
    dataDir: orders.folder,
    port: 0,
    publicUrl: orders.publicUrl,
    rateJoin: fast,
    rateMessage: fast,
    rateRead: fast,
    rateReceipt: fast,
    rateWrite: fast,
    // Dead connections are found within the length of a short run.
    pingMs: 1_000,
    deadPeerMs: 3_000,
    drainMs: 1_000,
    logLevel: "error",
  },
});
/** longer than whoever kills it may hang after a reply */
const lateMs = 10_000;
const write = (line: string) => process.stderr.write(`${line}\n`);
const log = createLogger({ level: config.logLevel, now: Date.now, write });
const pass = failpoints(parseFailpoint(orders.failpoint, brokerFailpoints), dieAtOnce);
const real = await openSqliteStore({
  folder: config.dataDir,
  now: Date.now,
  ...bundledWriter,
  log: (event, cause) => log.error(event, { cause }),
});
const store = withFailpoints(
  orders.bug === "early-reply" ? withEarlyReply(real, systemTimer, lateMs) : real,
  pass,
);
const broker = await createBroker(config, { store, log });
process.once("SIGTERM", () => void broker.stop().then(() => process.exit(0)));
await broker.start();
process.stdout.write(`${JSON.stringify({ port: broker.port })}\n`);
