import type { Handler } from "../../handler.ts";
import { readRecord } from "../../records/read-records.ts";
import { describeState } from "./describe-state.ts";

export const get: Handler<"state.get"> = async (input, ctx) =>
  describeState(await readRecord("state", input, ctx), ctx.actor);
