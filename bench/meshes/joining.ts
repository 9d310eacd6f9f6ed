import { join } from "node:path";
import { systemRandom } from "@claudemesh/crypto";
import { type LocalDevice, openDevice } from "@claudemesh/device";
import { limits } from "@claudemesh/protocol";
import { type Resources, temporaryFolder } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile } from "../stats.ts";
import { inviteTo, openAll, type Past, pastOf } from "./past.ts";

const name = "general";

/** From nothing to reading: a new home joins a mesh with a long past in #general and shows its newest page; then it pages back to the first post, from where on search finds every one. */
export async function joining(resources: Resources, count: number): Promise<Row[]> {
  const past = await pastOf(resources, count);
  const joined = `join a mesh with ${count.toLocaleString("en-US")} posts`;
  return [
    {
      name: `${joined}, until the newest page is shown`,
      reference: false,
      measure: async ({ ms }) => {
        const times: number[] = [];
        const start = performance.now();
        while (times.length < 2 || performance.now() - start < ms) {
          await using home = await newHome(resources, past);
          const invite = await inviteTo(past);
          const began = performance.now();
          await home.device.api.invite.claim({ invite });
          const { items } = await home.device.api.topic.history({ name, limit: 20 });
          if (items.length !== 20) throw new Error(`${items.length} posts are shown`);
          times.push(performance.now() - began);
        }
        return { "p50 ms": quantile(times, 0.5), "p99 ms": quantile(times, 0.99) };
      },
    },
    {
      name: `${joined}, until all are read and search finds them`,
      reference: false,
      rounds: 1,
      measure: async () => {
        await using home = await newHome(resources, past);
        const invite = await inviteTo(past);
        const began = performance.now();
        await home.device.api.invite.claim({ invite });
        await readAll(home.device, count);
        const took = performance.now() - began;
        return { "per second": (count * 1000) / took, "p50 ms": took };
      },
    },
    {
      name: `the same ${count.toLocaleString("en-US")} posts verified and opened, nothing else`,
      reference: true,
      rounds: 1,
      measure: async () => {
        const began = performance.now();
        openAll(past);
        const took = performance.now() - began;
        return { "per second": (count * 1000) / took, "p50 ms": took };
      },
    },
  ];
}

async function newHome(resources: Resources, { url }: Past) {
  const device = await openDevice({
    home: join(temporaryFolder(resources), "home"),
    now: Date.now,
    random: systemRandom,
    defaultName: "bob",
    defaultBroker: url,
  });
  device.keepOnline();
  return { device, [Symbol.asyncDispose]: () => device.close() };
}

/** Pages back to the first post, then searches for it. Throws unless all are there. */
async function readAll({ api }: LocalDevice, count: number): Promise<void> {
  let read = 0;
  let before: number | undefined;
  do {
    const place = before === undefined ? {} : { before };
    const page = await api.topic.history({ name, limit: limits.historyPage, ...place });
    read += page.items.length;
    before = page.before;
  } while (before !== undefined);
  if (read !== count) throw new Error(`${read} of ${count} posts were read`);
  const { items: first } = await api.search.messages({ text: "w0" });
  if (first.length !== 1) throw new Error("the first post is not found");
}
