import type { Handler } from "../../handler.ts";
import { countShared } from "../../records/count-records.ts";
import { meshInfo } from "./mesh-info.ts";

export const info: Handler<"mesh.info"> = async (_input, ctx) => ({
  ...(await meshInfo(ctx, ctx.roster)),
  ...(await countShared(ctx)),
  files: (await ctx.store.read.fileTotals(ctx.actor.mesh)).files,
});
