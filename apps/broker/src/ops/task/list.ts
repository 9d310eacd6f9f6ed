import { firstInput, type MemberId, type MeshRecord } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { hasTag } from "../../records/has-tag.ts";
import { listRecords } from "../../records/read-records.ts";
import { claimantOf, describeTask } from "./describe-task.ts";

/** The assignee of one that is claimed is who claimed it. A page is looked through whole: it may hold fewer than were asked for, and still go on. */
export const list: Handler<"task.list"> = async ({ assignee, status, tag, ...page }, ctx) => {
  const statuses = status === undefined ? undefined : [status];
  const { items, ...rest } = await listRecords("task", { ...page, statuses }, ctx);
  const fits = (one: MeshRecord) =>
    hasTag(one, tag) && (assignee === undefined || doneBy(one) === assignee);
  return { items: items.filter(fits).map((one) => describeTask(one, ctx.actor)), ...rest };
};

const doneBy = (one: MeshRecord): MemberId | undefined =>
  claimantOf(one) ?? (firstInput(one).assignee as MemberId | undefined);
