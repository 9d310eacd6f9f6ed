import type { Handler } from "../../handler.ts";
import { listRecords } from "../../records/read-records.ts";
import { describeTask } from "./describe-task.ts";

export const list: Handler<"task.list"> = async ({ status, ...page }, ctx) => {
  const statuses = status === undefined ? undefined : [status];
  const { items, ...rest } = await listRecords("task", { ...page, statuses }, ctx);
  return { items: items.map((one) => describeTask(one, ctx.actor)), ...rest };
};
