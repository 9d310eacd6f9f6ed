import type { DeviceHandler } from "../../handler.ts";
import { readPages } from "../../records/read-pages.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { inEachMesh, inMesh, topicIn } from "../record-parts.ts";
import { showState } from "./show-state.ts";

export const list: DeviceHandler<"state.list"> = (input, ctx) =>
  inEachMesh(ctx, input.mesh, async (row) => {
    const topic = await topicIn(ctx, row, input.topic);
    const { items, ageMs } = await readRecords(
      ctx,
      row,
      "state",
      (client) => readPages((page) => client.state.list({ topic, ...page })),
      (record) =>
        (topic === undefined || record.topic === topic) &&
        record.key.startsWith(input.prefix ?? ""),
    );
    const shower = recordShower(ctx, row);
    const shown = items
      .filter(({ record }) => record.key.startsWith(input.prefix ?? ""))
      .map((one) => ({ ...showState(shower, one), mesh: inMesh(row) }))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    return { items: shown, ageMs };
  });

const placeOf = ({
  topic = "",
  key,
}: {
  readonly topic?: string | undefined;
  readonly key: string;
}): string => `${topic}\n${key}`;
