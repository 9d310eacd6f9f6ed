import { join } from "node:path";
import { systemRandom } from "@claudemesh/crypto";
import { type LocalDevice, openDevice } from "@claudemesh/device";
import { type BareMember, makeInvite } from "@claudemesh/testkit";
import type { BrokerProcess } from "../../packages/testkit/src/broker-process.ts";
import { LoadClient } from "../claudemesh/load-client.ts";
import { type Resources, temporaryFolder } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";
import { memberAt } from "./traffic.ts";

const feeds = 20;
/** how often it is looked whether the verification behind a join has ended */
const lookMs = 20;

/** What a device waits for in a mesh of so many members: joining it, being started again, and coming back. */
export function largeMesh(
  resources: Resources,
  {
    owner,
    node,
    count,
  }: { readonly owner: BareMember; readonly node: BrokerProcess; readonly count: number },
): Row[] {
  const named = (what: string) => `${count.toLocaleString("en-US")} members: ${what}`;
  const home = join(temporaryFolder(resources), "home");
  const open = () =>
    openDevice({ ...{ home, now: Date.now, random: systemRandom }, defaultName: "newcomer" });
  const row = (what: string, rounds: number, act: () => Promise<number[]>): Row => ({
    name: named(what),
    reference: false,
    rounds,
    measure: async () => {
      const times = await act();
      return { "p50 ms": quantile(times, 0.5), "p99 ms": quantile(times, 0.99) };
    },
  });
  const timed = async (act: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await act();
    return performance.now() - began;
  };
  return [
    {
      name: named("a device joins"),
      reference: false,
      rounds: 1,
      measure: async () => {
        const invite = await makeInvite(memberAt(owner, node));
        await using device = await open();
        const ms = await timed(() => device.api.invite.claim({ invite, broker: node.url }));
        const spent = process.cpuUsage();
        const behind = await timed(() => verifiedBehind(device));
        const { user, system } = process.cpuUsage(spent);
        return { "p50 ms": ms, "behind ms": behind, "behind CPU ms": (user + system) / 1000 };
      },
    },
    row("a home is opened again and lists the members", 3, async () => [
      await timed(async () => {
        await using device = await open();
        await device.api.member.list({});
      }),
    ]),
    row("a feed comes back", 3, async () => {
      const times: number[] = [];
      for (let n = 0; n < feeds; n += 1) {
        const began = performance.now();
        const client = await LoadClient.open(memberAt(owner, node), "feed");
        times.push(performance.now() - began);
        client.close();
      }
      return times;
    }),
  ];
}

/** All signatures below the inviter's head are verified, and all profiles. */
async function verifiedBehind(device: LocalDevice): Promise<void> {
  for (;;) {
    const { items } = await device.api.mesh.list({});
    if (items.every(({ rosterCheck }) => rosterCheck === undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  await device.api.member.list({});
}
