import type { Handler } from "../../handler.ts";
import { hasTag } from "../../records/has-tag.ts";
import { searchRecords } from "../../records/read-records.ts";
import { describeMemory } from "./describe-memory.ts";

export const search: Handler<"memory.search"> = async ({ tag, ...input }, ctx) => {
  const { items, ...rest } = await searchRecords("memory", { ...input, text: input.query }, ctx);
  return {
    items: items.filter((one) => hasTag(one, tag)).map((one) => describeMemory(one, ctx.actor)),
    ...rest,
  };
};
