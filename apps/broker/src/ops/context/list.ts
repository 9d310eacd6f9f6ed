import type { Handler } from "../../handler.ts";
import { listRecords } from "../../records/read-records.ts";
import { describeContext } from "./describe-context.ts";

export const list: Handler<"context.list"> = async (input, ctx) => {
  const { items, ...rest } = await listRecords("context", input, ctx);
  return { items: items.map((one) => describeContext(one, ctx.actor)), ...rest };
};
