import type { Handler } from "../../handler.ts";
import { searchRecords } from "../../records/read-records.ts";
import { describeMemory } from "./describe-memory.ts";

export const search: Handler<"memory.search"> = async (input, ctx) => {
  const { items, ...rest } = await searchRecords("memory", { ...input, text: input.query }, ctx);
  return { items: items.map((one) => describeMemory(one, ctx.actor)), ...rest };
};
