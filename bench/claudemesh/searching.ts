import type { Resources } from "../resources.ts";
import type { Row } from "../row.ts";
import { quantile, saturate } from "../stats.ts";
import { deviceAlone, fillHome } from "./filled-home.ts";

/** A search as a person asks it, over a home that holds `messages`: words from the commonest to the rarest, two at a time, beginnings, and within one mesh. */
export async function searching(resources: Resources, messages: number): Promise<Row> {
  const home = await deviceAlone(resources);
  fillHome(home, { messages });
  const { device, mesh } = home;
  const queries = [
    { text: "w0" },
    { text: "w7" },
    { text: "w40" },
    { text: "w300" },
    { text: "w4000" },
    { text: "w0 w1" },
    { text: "w2 w900" },
    { text: "w49*" },
    { text: "w3", mesh, since: "1d" },
    { text: "nothing" },
  ];
  const ask = async (n: number): Promise<void> => {
    await device.api.search.messages(queries[n % queries.length] as { text: string });
  };
  return {
    name: `search over ${messages.toLocaleString("en-US")} messages`,
    reference: false,
    measure: async ({ ms }) => {
      const { perSecond, latencies } = await saturate(1, ms, ask);
      return {
        "per second": perSecond,
        "p50 ms": quantile(latencies, 0.5),
        "p95 ms": quantile(latencies, 0.95),
      };
    },
  };
}
