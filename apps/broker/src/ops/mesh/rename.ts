import type { Handler } from "../../handler.ts";
import { appendAct, requireType } from "../roster-act.ts";
import { meshInfo } from "./mesh-info.ts";

export const rename: Handler<"mesh.rename"> = async (input, ctx) => {
  const entry = requireType(input.entry, "policy");
  const changed = Object.keys(entry.body);
  if (changed.length !== 1 || entry.body.name === undefined) {
    throw ctx.fail("malformed", "entry.body: a rename changes the name and nothing else");
  }
  const { roster } = await appendAct(ctx, entry);
  return await meshInfo(ctx, roster);
};
