import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { changeTask } from "./change-task.ts";

export const complete: DeviceHandler<"task.complete"> = (input, ctx) =>
  changeTask(ctx, input, nouns.task.complete.name, "completed");
