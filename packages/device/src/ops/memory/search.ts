import type { DeviceHandler } from "../../handler.ts";
import { hasWords } from "../../records/has-words.ts";
import { textsIn } from "../../records/input-fields.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { inEachMesh, inMesh, topicIn } from "../record-parts.ts";
import { showMemory } from "./show-memory.ts";

/** The broker ranks; what waits here comes first, and without the broker what is kept here is searched. */
export const search: DeviceHandler<"memory.search"> = (input, ctx) =>
  inEachMesh(ctx, input.mesh, async (row) => {
    const { limit, query, tag } = input;
    const topic = await topicIn(ctx, row, input.topic);
    const { items, ageMs } = await readRecords(
      ctx,
      row,
      "memory",
      async (client) =>
        (
          await client.memory.search({ query, topic, limit: tag === undefined ? limit : 500 })
        ).items.flatMap(({ record }) => record ?? []),
      (record) =>
        (topic === undefined || record.topic === topic) && hasWords(record.written.at(-1), query),
    );
    const shower = recordShower(ctx, row);
    const shown = items
      .filter(
        ({ record }) =>
          tag === undefined || textsIn(record.written[0]?.input ?? {}, "tags").includes(tag),
      )
      .slice(0, limit)
      .map((one) => ({ ...showMemory(shower, one), mesh: inMesh(row) }));
    return { items: shown, ageMs };
  });
