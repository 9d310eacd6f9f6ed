import type { DeviceHandler } from "../../handler.ts";
import { textsIn } from "../../records/input-fields.ts";
import { readPages } from "../../records/read-pages.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { inEachMesh, inMesh, topicIn } from "../record-parts.ts";
import { showMemory } from "./show-memory.ts";

export const list: DeviceHandler<"memory.list"> = (input, ctx) =>
  inEachMesh(ctx, input.mesh, async (row) => {
    const { limit, tag } = input;
    const topic = await topicIn(ctx, row, input.topic);
    const { items, ageMs } = await readRecords(
      ctx,
      row,
      "memory",
      (client) =>
        tag === undefined
          ? readPages((page) => client.memory.list({ topic, ...page }), limit)
          : readPages((page) => client.memory.list({ topic, ...page })),
      (record) => topic === undefined || record.topic === topic,
    );
    const shower = recordShower(ctx, row);
    const shown = items
      .filter(
        ({ record }) =>
          tag === undefined || textsIn(record.written[0]?.input ?? {}, "tags").includes(tag),
      )
      .sort((a, b) => Number(b.pending) - Number(a.pending))
      .slice(0, limit)
      .map((one) => ({ ...showMemory(shower, one), mesh: inMesh(row) }));
    return { items: shown, ageMs };
  });
