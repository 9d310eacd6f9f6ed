import type { Handler } from "../../handler.ts";
import { listRecords } from "../../records/read-records.ts";
import { describeMemory } from "./describe-memory.ts";

export const list: Handler<"memory.list"> = async (input, ctx) => {
  const { items, ...rest } = await listRecords("memory", input, ctx);
  return { items: items.map((one) => describeMemory(one, ctx.actor)), ...rest };
};
