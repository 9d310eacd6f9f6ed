import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";
import { wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

export const share: DeviceHandler<"context.share"> = async ({ mesh, ...fields }, ctx) => {
  const row = targetMesh(ctx, mesh);
  return wroteIn(ctx, row, await writeRecord(ctx, row, nouns.context.share.name, fields));
};
