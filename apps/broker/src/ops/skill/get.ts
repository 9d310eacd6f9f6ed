import type { Handler } from "../../handler.ts";
import { readRecord } from "../../records/read-records.ts";
import { describeSkill } from "./describe-skill.ts";

export const get: Handler<"skill.get"> = async (input, ctx) =>
  describeSkill(await readRecord("skill", input, ctx), ctx.actor);
