import type { DeviceHandler } from "../../handler.ts";
import { hasWords } from "../../records/has-words.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { inEachMesh, inMesh } from "../record-parts.ts";
import { showContext } from "./show-context.ts";

export const get: DeviceHandler<"context.get"> = ({ mesh, query }, ctx) =>
  inEachMesh(ctx, mesh, async (row) => {
    const { items, ageMs } = await readRecords(
      ctx,
      row,
      "context",
      async (client) =>
        (await client.context.get({ query })).items.flatMap(({ record }) => record ?? []),
      (record) => hasWords(record.written.at(-1), query),
    );
    const shower = recordShower(ctx, row);
    return {
      items: items.map((one) => ({ ...showContext(shower, one), mesh: inMesh(row) })),
      ageMs,
    };
  });
