import {
  MemberId,
  MeshError,
  type TaskId,
  TaskStatus,
  type WireOpName,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { recordShower } from "../../records/show-record.ts";
import { writeRecord } from "../../records/write-record.ts";
import type { MembershipRow } from "../../store/memberships.ts";
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
  const wrote = await writeRecord(ctx, row, op, fields).catch((error: unknown) => {
    throw withName(ctx, row, error);
  });
  return { ...wroteIn(ctx, row, wrote), id: wrote.key, status };
}

/** The broker knows members by their ids; whoever is told that another was first wants a name. */
function withName(ctx: DeviceContext, row: MembershipRow, error: unknown): unknown {
  if (!(error instanceof MeshError) || error.code !== "conflict") return error;
  const by = MemberId.safeParse(error.detail?.by);
  const status = TaskStatus.safeParse(error.detail?.status);
  if (!by.success || !status.success) return error;
  const name =
    by.data === row.member ? "you have" : `${recordShower(ctx, row).nameOf(by.data)} has`;
  return new MeshError(error.code, `${name} ${status.data} it already`, {
    detail: { ...error.detail },
    cause: error,
  });
}
