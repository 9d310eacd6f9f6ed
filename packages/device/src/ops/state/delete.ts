import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";
import { topicIn, wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

export const del: DeviceHandler<"state.delete"> = async (input, ctx) => {
  const row = targetMesh(ctx, input.mesh);
  const { key, ifVersion } = input;
  const topic = await topicIn(ctx, row, input.topic);
  const wrote = await writeRecord(ctx, row, nouns.state.del.name, { key, topic, ifVersion });
  return { ...wroteIn(ctx, row, wrote, topic), key };
};
