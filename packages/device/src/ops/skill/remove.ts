import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";
import { wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

export const remove: DeviceHandler<"skill.remove"> = async ({ mesh, name }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const wrote = await writeRecord(ctx, row, nouns.skill.remove.name, { key: name });
  return { ...wroteIn(ctx, row, wrote), name };
};
