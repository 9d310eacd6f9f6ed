import { startBroker } from "../claudemesh/broker-process.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";
import { AgentSession } from "./agent-session.ts";
import { pairOn } from "./home.ts";

/** A daemon pushes so many into one session at once, and slows down then. */
const pushes = 18;

/** From the start of the `send` verb's process to its text in the process of the recipient's agent session: two daemons and a broker on one host. */
export async function intoSession(resources: Resources): Promise<Row> {
  const broker = await startBroker(resources);
  const { alice, bob } = await pairOn(resources, broker.url);
  let sessions = 0;
  let sent = 0;
  const exchange = async (session: AgentSession): Promise<{ inside: number; verb: number }> => {
    const text = `bench message ${++sent}.`;
    const seen = session.gets(text);
    const began = performance.now();
    const sending = alice.run(["send", "bob", text]).then(() => performance.now() - began);
    await seen;
    return { inside: performance.now() - began, verb: await sending };
  };
  return {
    name: "claudemesh send → text in the agent session",
    reference: false,
    measure: async () => {
      const session = await AgentSession.start(bob, `bench-${++sessions}`);
      try {
        await exchange(session);
        const times = [];
        while (times.length < pushes) times.push(await exchange(session));
        const inside = times.map((one) => one.inside);
        return {
          "p50 ms": quantile(inside, 0.5),
          "p99 ms": quantile(inside, 0.99),
          "verb p50 ms": quantile(
            times.map((one) => one.verb),
            0.5,
          ),
        };
      } finally {
        await session.end();
      }
    },
  };
}
