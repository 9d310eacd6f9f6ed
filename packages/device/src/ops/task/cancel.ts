import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { changeTask } from "./change-task.ts";

export const cancel: DeviceHandler<"task.cancel"> = (input, ctx) =>
  changeTask(ctx, input, nouns.task.cancel.name, "cancelled");
