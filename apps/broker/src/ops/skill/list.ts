import type { Handler } from "../../handler.ts";
import { listRecords } from "../../records/read-records.ts";
import { describeSkill } from "./describe-skill.ts";

export const list: Handler<"skill.list"> = async (input, ctx) => {
  const { items, ...rest } = await listRecords("skill", { ...input, statuses: ["shared"] }, ctx);
  return { items: items.map((one) => describeSkill(one, ctx.actor)), ...rest };
};
