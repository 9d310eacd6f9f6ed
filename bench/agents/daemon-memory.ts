import { residentMiB } from "../child.ts";
import { startBroker } from "../claudemesh/broker-process.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { AgentSession } from "./agent-session.ts";
import { BenchHome, pairOn } from "./home.ts";

/** Resident memory of an idle daemon in a home without a mesh. */
export async function emptyDaemon(resources: Resources): Promise<Row> {
  const home = new BenchHome(resources);
  await home.run(["daemon", "start"]);
  return memoryRow("daemon, no mesh", home);
}

/** Resident memory of a daemon that is online in one mesh and serves so many agent sessions, none of which does anything. */
export async function servingDaemon(resources: Resources, sessions: number): Promise<Row> {
  const broker = await startBroker(resources);
  const { bob } = await pairOn(resources, broker.url);
  for (let n = 0; n < sessions; n++) {
    const session = await AgentSession.start(bob, `idle-${n}`);
    resources.defer(() => session.end());
  }
  return memoryRow(`daemon, one mesh, ${sessions} agent sessions`, bob);
}

async function memoryRow(name: string, home: BenchHome): Promise<Row> {
  const pid = await home.daemonPid();
  return {
    name,
    reference: false,
    measure: async () => ({ "server MiB": await residentMiB(pid) }),
  };
}
