import { limits } from "./limits.ts";

/** How many records of a noun a mesh may have at a time. */
export const recordsMost: Readonly<Record<string, number>> = {
  context: limits.contexts,
  memory: limits.memories,
  skill: limits.skills,
  state: limits.stateKeys,
  task: limits.openTasks,
};

/** Whether a record of this status counts towards that: one that is deleted or done with does not. */
export const isCounted = (status: string): boolean =>
  !["gone", "completed", "cancelled"].includes(status);
