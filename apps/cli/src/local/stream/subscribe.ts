import type { OpenInput, OpenOutput } from "@claudemesh/protocol";
import { openHome } from "../../device/open-home.ts";
import { jsonLine } from "../../render/json.ts";
import { cleanLine } from "../../terminal/clean.ts";
import type { LocalContext, LocalRun } from "../run.ts";

/** How long one question waits for something new. */
const wait = "30s";

/** Prints each item as it comes: for a program one JSON line each. Ends at Ctrl-C, or after as many as were asked for. */
export const run: LocalRun = async ({ count, ...named }, context) => {
  const { host, globals, note } = context;
  const place = named as OpenInput<"stream.follow">;
  const most = typeof count === "number" ? count : Number.POSITIVE_INFINITY;
  const device = await openHome(host, note, globals);
  const stop = () => void device.close();
  host.signal.addEventListener("abort", stop, { once: true });
  try {
    let { seq } = await device.api.stream.follow(place);
    note(`listening to ${place.name}; Ctrl-C ends it`);
    let shown = 0;
    while (shown < most && !host.signal.aborted) {
      const answer = await device.api.stream.follow({ ...place, after: seq, wait });
      seq = answer.seq;
      const items = answer.items.slice(0, most - shown);
      shown += items.length;
      await show({ ...answer, items }, context);
    }
  } catch (error) {
    if (!host.signal.aborted) throw error;
  } finally {
    host.signal.removeEventListener("abort", stop);
    await device.close();
  }
};

async function show(
  { dropped, items }: OpenOutput<"stream.follow">,
  { machine, note, print }: LocalContext,
): Promise<void> {
  if (dropped > 0 && !machine) note(`${dropped} were dropped`);
  for (const [index, item] of items.entries()) {
    const lost = index === 0 && dropped > 0 ? { dropped } : {};
    const line = machine
      ? jsonLine({ ...item, ...lost })
      : `${cleanLine(item.from)}: ${cleanLine(JSON.stringify(item.data))}\n`;
    await print(line);
  }
}
