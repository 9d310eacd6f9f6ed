import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";
import { topicsOfRecord } from "../../store/record-rows.ts";
import { topicIn, wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

/** Where its topic is not named, it is the one under which this home knows the memory. */
export const del: DeviceHandler<"memory.delete"> = async ({ id, mesh, topic: typed }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const [known] = typed === undefined ? topicsOfRecord(ctx.store, row.mesh, "memory", id) : [];
  const topic = known ?? (await topicIn(ctx, row, typed));
  const wrote = await writeRecord(ctx, row, nouns.memory.del.name, { id, topic });
  return { ...wroteIn(ctx, row, wrote, topic), id };
};
