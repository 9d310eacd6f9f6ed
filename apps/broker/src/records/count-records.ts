import type { RecordContext } from "./author.ts";
import { visiblePlaces } from "./places.ts";

/** How much shared data the caller sees, by noun. */
export async function countShared(ctx: Pick<RecordContext, "actor" | "roster" | "store">) {
  const counts = await ctx.store.read.recordCounts(ctx.actor.mesh, await visiblePlaces(ctx));
  const of = (noun: string, status?: string) =>
    counts
      .filter((one) => one.noun === noun && (status === undefined || one.status === status))
      .reduce((sum, { count }) => sum + count, 0);
  return {
    contexts: of("context"),
    memories: of("memory"),
    stateKeys: of("state"),
    tasks: of("task"),
    openTasks: of("task", "open"),
    skills: of("skill"),
  };
}
