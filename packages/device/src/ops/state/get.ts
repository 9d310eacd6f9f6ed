import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { readRecords } from "../../records/read-records.ts";
import { recordShower } from "../../records/show-record.ts";
import { inMesh, topicIn } from "../record-parts.ts";
import { askedMesh } from "../target-mesh.ts";
import { showState } from "./show-state.ts";

export const get: DeviceHandler<"state.get"> = async ({ key, mesh, topic: typed }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const topic = await topicIn(ctx, row, typed);
  const { items, ageMs } = await readRecords(
    ctx,
    row,
    "state",
    async (client) => {
      try {
        const { record } = await client.state.get({ key, topic });
        return record === undefined ? [] : [record];
      } catch (error) {
        // What waits here may be the first of that key.
        if (error instanceof MeshError && error.code === "not_found") return [];
        throw error;
      }
    },
    (record) => record.key === key && record.topic === topic,
  );
  const found = items.find(({ record }) => record.key === key && record.topic === topic);
  if (found === undefined) {
    throw new MeshError("not_found", `there is no key ${key} in the state of ${row.slug}`, {
      hint: "claudemesh state list shows what there is",
    });
  }
  return { ...showState(recordShower(ctx, row), found), mesh: inMesh(row), ageMs };
};
