import { TaskId, type TaskStatus, type WireOpName } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { findRecordId } from "../../records/find-record-id.ts";
import { writeRecord } from "../../records/write-record.ts";
import { wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";
import { explainRefusal } from "./explain-refusal.ts";

/** Writes the next step of a task, which is named by its id or the end of that. */
export async function changeTask(
  ctx: DeviceContext,
  { mesh, ...fields }: { readonly mesh?: string | undefined; readonly id: string },
  op: WireOpName,
  status: TaskStatus,
) {
  const row = targetMesh(ctx, mesh);
  const id = await findRecordId(ctx, row, fields.id, {
    noun: "task",
    id: TaskId,
    list: (client) => client.task.list,
  });
  const wrote = await writeRecord(ctx, row, op, { ...fields, id }).catch((error: unknown) => {
    throw explainRefusal(ctx, row, error);
  });
  return { ...wroteIn(ctx, row, wrote), id: wrote.key, status };
}
