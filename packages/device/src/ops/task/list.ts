import type { DeviceHandler } from "../../handler.ts";
import { textsIn } from "../../records/input-fields.ts";
import { readPages } from "../../records/read-pages.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { inEachMesh, inMesh } from "../record-parts.ts";
import { assigneeNamed } from "./assignee.ts";
import { showTask } from "./show-task.ts";

/** The assignee of one that is claimed is who claimed it. */
export const list: DeviceHandler<"task.list"> = (input, ctx) =>
  inEachMesh(ctx, input.mesh, async (row) => {
    const { status, tag } = input;
    const wanted =
      input.assignee === undefined ? undefined : await assigneeNamed(ctx, row, input.assignee);
    const { items, ageMs } = await readRecords(
      ctx,
      row,
      "task",
      // All of them: what waits here may change what the broker has in another status.
      (client) => readPages((page) => client.task.list(page)),
      () => true,
    );
    const shower = recordShower(ctx, row);
    const shown = items
      .filter(
        ({ record }) =>
          tag === undefined || textsIn(record.written[0]?.input ?? {}, "tags").includes(tag),
      )
      .map((one) => ({ ...showTask(shower, one), mesh: inMesh(row) }))
      .filter(
        (task) =>
          (status === undefined || task.status === status) &&
          (wanted === undefined || (task.claimedBy ?? task.assignee)?.member === wanted),
      );
    return { items: shown, ageMs };
  });
