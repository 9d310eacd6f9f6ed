import type { DeviceHandler } from "../../handler.ts";
import { readPages } from "../../records/read-pages.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { inEachMesh, inMesh } from "../record-parts.ts";
import { showContext } from "./show-context.ts";

export const list: DeviceHandler<"context.list"> = ({ mesh }, ctx) =>
  inEachMesh(ctx, mesh, async (row) => {
    const { items, ageMs } = await readRecords(
      ctx,
      row,
      "context",
      (client) => readPages((page) => client.context.list(page)),
      () => true,
    );
    const shower = recordShower(ctx, row);
    return {
      items: items.map((one) => ({ ...showContext(shower, one), mesh: inMesh(row) })),
      ageMs,
    };
  });
