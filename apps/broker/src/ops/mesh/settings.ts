import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";
import { meshInfo } from "./mesh-info.ts";

export const settings: Handler<"mesh.settings"> = async (input, ctx) => {
  const entry = requireType(input.entry, "policy");
  if (entry.body.name !== undefined) {
    throw ctx.fail("malformed", "entry.body.name: the name is changed by a rename");
  }
  const { roster } = await appendAct(ctx, entry);
  return await meshInfo(ctx, roster);
};
