import type { Handler } from "../../handler.ts";
import { searchRecords } from "../../records/read-records.ts";
import { describeContext } from "./describe-context.ts";

export const get: Handler<"context.get"> = async (input, ctx) => {
  const { items, ...rest } = await searchRecords("context", { ...input, text: input.query }, ctx);
  return { items: items.map((one) => describeContext(one, ctx.actor)), ...rest };
};
