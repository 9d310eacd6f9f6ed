import { join } from "node:path";
import type { BareMember } from "@claudemesh/testkit";
import { residentMiB, startChild } from "../child.ts";
import type { Resources } from "../resources.ts";
import { type Row, skippedRow } from "../row.ts";
import { here, startBroker } from "./broker-process.ts";
import { LoadClient } from "./load-client.ts";

/** below the broker's bound on connections of one address that have not said who they are */
const atOnce = 16;

/** files that a process has open beside its connections, at most */
const otherFiles = 200;

/** So many feeds of one member, a device each. */
export async function openFeeds(member: BareMember, feeds: number): Promise<LoadClient[]> {
  const clients: LoadClient[] = [];
  while (clients.length < feeds) {
    const length = Math.min(atOnce, feeds - clients.length);
    const more = Array.from({ length }, () => LoadClient.openDevice(member));
    clients.push(...(await Promise.all(more)));
  }
  return clients;
}

/** How many files a process may have open here. */
function openFilesLimit(): number {
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | "unlimited" } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : Number.POSITIVE_INFINITY;
}

/** Resident memory of a fresh broker that holds so many open feeds on which nothing happens; their other ends are in a process of their own. */
export async function idleFeeds(
  resources: Resources,
  feeds: number,
  checkout = here,
): Promise<Row> {
  const owner = checkout === here ? "claudemesh" : "compared checkout";
  const name = `${owner} broker, ${feeds.toLocaleString("en-US")} idle feeds`;
  const allowed = openFilesLimit();
  if (allowed < feeds + otherFiles) {
    return skippedRow(name, `a process may open ${allowed} files here (ulimit -n)`, false);
  }
  const broker = await startBroker(resources, checkout);
  const empty = await residentMiB(broker.pid);
  if (feeds > 0) {
    const file = join(import.meta.dirname, "idle-feeds-process.ts");
    await startChild(resources, file, [broker.url, String(feeds)]);
  }
  return {
    name,
    reference: checkout !== here,
    measure: async () => {
      const resident = await residentMiB(broker.pid);
      const each = feeds === 0 ? {} : { "KiB each": ((resident - empty) * 1024) / feeds };
      return { "server MiB": resident, ...each };
    },
  };
}
