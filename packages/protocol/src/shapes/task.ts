import { z } from "zod";

/** How a task stands: open, then claimed by one, then completed by that one; or cancelled. */
export const TaskStatus = z.enum(["open", "claimed", "completed", "cancelled"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const TaskPriority = z.enum(["low", "normal", "high", "urgent"]);
export type TaskPriority = z.infer<typeof TaskPriority>;
