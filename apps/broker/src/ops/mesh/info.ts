import { limits } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { countShared } from "../../records/count-records.ts";
import { visibleStreams } from "../stream/visible-streams.ts";
import { meshInfo } from "./mesh-info.ts";

export const info: Handler<"mesh.info"> = async (_input, ctx) => ({
  ...(await meshInfo(ctx, ctx.roster)),
  ...(await countShared(ctx)),
  streams: (await visibleStreams(ctx)).length,
  limits: sharedMost,
  files: (await ctx.store.read.fileTotals(ctx.actor.mesh)).files,
});

const { contexts, memories, openTasks, skills, stateKeys, streams } = limits;
const sharedMost = { contexts, memories, openTasks, skills, stateKeys, streams };
