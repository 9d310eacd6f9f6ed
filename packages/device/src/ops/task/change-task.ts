import type { TaskId, TaskStatus, WireOpName } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { writeRecord } from "../../records/write-record.ts";
import { wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

/** Writes the next step of a task. */
export async function changeTask(
  ctx: DeviceContext,
  { mesh, ...fields }: { readonly mesh?: string | undefined; readonly id: TaskId },
  op: WireOpName,
  status: TaskStatus,
) {
  const row = targetMesh(ctx, mesh);
  const wrote = await writeRecord(ctx, row, op, fields);
  return { ...wroteIn(ctx, row, wrote), id: wrote.key, status };
}
