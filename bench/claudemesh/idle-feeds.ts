import { found } from "@claudemesh/testkit";
import { residentMiB } from "../child.ts";
import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { here, startBroker } from "./broker-process.ts";
import { LoadClient } from "./load-client.ts";

/** below the broker's bound on connections of one address that have not said who they are */
const atOnce = 16;

/** Resident memory of a fresh broker that holds so many open feeds, one device each, on which nothing happens. */
export async function idleFeeds(
  resources: Resources,
  feeds: number,
  checkout = here,
): Promise<Row> {
  const broker = await startBroker(resources, checkout);
  if (feeds > 0) {
    const alice = await found(broker.url, "alice");
    for (let open = 0; open < feeds; open += atOnce) {
      const more = Array.from({ length: Math.min(atOnce, feeds - open) }, async () => {
        const client = await LoadClient.openDevice(alice);
        resources.defer(() => client.close());
      });
      await Promise.all(more);
    }
  }
  const name = checkout === here ? "claudemesh" : "compared checkout";
  return {
    name: `${name} broker, ${feeds} idle feeds`,
    reference: checkout !== here,
    measure: async () => ({ "server MiB": await residentMiB(broker.pid) }),
  };
}
