import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";
import { recordRow } from "../../store/record-rows.ts";
import { topicIn, wroteIn } from "../record-parts.ts";
import { targetMesh } from "../target-mesh.ts";

export const set: DeviceHandler<"state.set"> = async (input, ctx) => {
  const row = targetMesh(ctx, input.mesh);
  const { key, ifVersion } = input;
  const topic = await topicIn(ctx, row, input.topic);
  const value = readValue(input.value);
  const known = recordRow(ctx.store, row.mesh, { noun: "state", topic, key })?.record;
  const seen = known === undefined || known.status === "gone" ? 0 : known.version;
  const fields = { key, value, topic, ifVersion, seen };
  const wrote = await writeRecord(ctx, row, nouns.state.set.name, fields);
  return { ...wroteIn(ctx, row, wrote, topic), key, value };
};

/** JSON where it is, or else the text itself. */
function readValue(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
