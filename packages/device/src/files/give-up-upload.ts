import { type FileId, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** Gives back the room that an upload has taken at the broker, and what had gone up of it. One that was shared after all stays; where the broker is away its janitor does it later. */
export async function giveUpUpload(
  ctx: DeviceContext,
  row: MembershipRow,
  id: FileId,
): Promise<void> {
  try {
    await ctx.links.using(row, ({ client }) => client.file.delete({ id, unfinished: true }));
  } catch (error) {
    if (error instanceof MeshError && error.code === "not_found") return;
    ctx.log("warn", `an upload's room was not given back: ${String(error)}`);
  }
}
