import type { Handler } from "../../handler.ts";
import { listRecords } from "../../records/read-records.ts";
import { describeState } from "./describe-state.ts";

export const list: Handler<"state.list"> = async (input, ctx) => {
  const { items, ...rest } = await listRecords("state", input, ctx);
  return { items: items.map((one) => describeState(one, ctx.actor)), ...rest };
};
