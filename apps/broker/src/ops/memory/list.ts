import type { Handler } from "../../handler.ts";
import { hasTag } from "../../records/has-tag.ts";
import { listRecords } from "../../records/read-records.ts";
import { describeMemory } from "./describe-memory.ts";

export const list: Handler<"memory.list"> = async ({ tag, ...input }, ctx) => {
  const { items, ...rest } = await listRecords("memory", input, ctx);
  return {
    items: items.filter((one) => hasTag(one, tag)).map((one) => describeMemory(one, ctx.actor)),
    ...rest,
  };
};
