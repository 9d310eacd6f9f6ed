import { MemoryId, nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { findRecordId } from "../../records/find-record-id.ts";
import { writeRecord } from "../../records/write-record.ts";
import { topicsOfRecord } from "../../store/record-rows.ts";
import { topicIn, wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

/** Where its topic is not named, it is the one under which this home knows the memory. */
export const del: DeviceHandler<"memory.delete"> = async (input, ctx) => {
  const row = targetMesh(ctx, input.mesh);
  const id = await findRecordId(ctx, row, input.id, {
    noun: "memory",
    id: MemoryId,
    list: (client) => client.memory.list,
  });
  const [known] =
    input.topic === undefined ? topicsOfRecord(ctx.store, row.mesh, "memory", id) : [];
  const topic = known ?? (await topicIn(ctx, row, input.topic));
  const wrote = await writeRecord(ctx, row, nouns.memory.del.name, { id, topic });
  return { ...wroteIn(ctx, row, wrote, topic), id };
};
