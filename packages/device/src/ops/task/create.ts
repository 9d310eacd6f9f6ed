import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";
import { wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";
import { assigneeNamed } from "./assignee.ts";

export const create: DeviceHandler<"task.create"> = async ({ mesh, ...input }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const assignee =
    input.assignee === undefined ? undefined : await assigneeNamed(ctx, row, input.assignee);
  const wrote = await writeRecord(ctx, row, nouns.task.create.name, { ...input, assignee });
  return { ...wroteIn(ctx, row, wrote), id: wrote.key, title: input.title, status: "open" };
};
