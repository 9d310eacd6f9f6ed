import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { changeTask } from "./change-task.ts";

export const claim: DeviceHandler<"task.claim"> = (input, ctx) =>
  changeTask(ctx, input, nouns.task.claim.name, "claimed");
