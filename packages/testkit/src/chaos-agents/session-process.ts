import { join } from "node:path";
import { createIdentity } from "../agent/fake/identity.ts";
import { endWithParent } from "../chaos/end-with-parent.ts";
import { seeded } from "../faults/seeded.ts";
import { systemTimer } from "../faults/system-timer.ts";
import { sayLine } from "../say-line.ts";
import type { SessionOrders, SessionSaid } from "./orders.ts";
import { personEnv } from "./programs.ts";
import { BareSession } from "./session.ts";
import { Writer } from "./writer.ts";

/** An agent session that writes and is shown messages until SIGTERM. What it wrote it says on stdout, one JSON line each. */
const orders = JSON.parse(process.argv[2] ?? "{}") as SessionOrders;
const { folder, home, broker, agentSession, seed } = orders;
endWithParent();
for (const name of Object.keys(process.env)) delete process.env[name];
Object.assign(process.env, personEnv(folder, home, broker));
process.chdir(folder);

const say = (said: SessionSaid): void => sayLine(JSON.stringify(said));
const random = seeded(seed);
let stopping = false;
const stopped = new Promise<void>((resolve) => {
  process.once("SIGTERM", () => {
    stopping = true;
    resolve();
  });
});
const pause = (ms: number): Promise<void> =>
  Promise.race([new Promise<void>((resolve) => systemTimer(ms, resolve)), stopped]);
const isStopping = () => stopping;
const toAnswer: string[] = [];

const flags = { session: agentSession, permissionMode: "default", plugins: [], allowed: [] };
const identity = createIdentity({ ...flags, print: true, settings: join(folder, "none.json") });
const writer = new Writer({ orders, random: random.fork(), say, pause, isStopping, toAnswer });
const parts = { orders, identity, random: random.fork(), now: Date.now, pause, isStopping };
const session = new BareSession({ ...parts, writer, toAnswer });
await session.open();
say({ kind: "ready" });
await Promise.all([writer.run(), session.run()]);
await writer.close();
await session.end();
process.exit(0);
