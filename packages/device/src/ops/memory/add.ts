import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";
import { topicIn, wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

export const add: DeviceHandler<"memory.add"> = async ({ mesh, tags, text, topic: typed }, ctx) => {
  const row = targetMesh(ctx, mesh);
  const topic = await topicIn(ctx, row, typed);
  const wrote = await writeRecord(ctx, row, nouns.memory.add.name, { text, tags, topic });
  return { ...wroteIn(ctx, row, wrote, topic), id: wrote.key, text };
};
