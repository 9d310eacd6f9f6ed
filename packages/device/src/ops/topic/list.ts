import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { topicRows } from "../../store/topic-rows.ts";
import { ensureGeneral, refreshTopics } from "../../topics/refresh-topics.ts";
import { describe } from "../../topics/resolve-topic.ts";
import { topicInfo } from "../../topics/topic-info.ts";
import { cachedRead } from "../cached-read.ts";
import { askedMesh } from "../target-mesh.ts";

/** The topics that this member may find: #general first, then by name. */
export const list: DeviceHandler<"topic.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { ageMs } = await cachedRead(ctx, row, nouns.topic.list.name, async (link) => {
    await refreshTopics(ctx, row, link);
    return true;
  });
  ensureGeneral(ctx, row);
  const found = topicRows(ctx.store, row.mesh)
    .map((one) => describe(ctx, row, one))
    .filter((one) => one.row.visibility === "public" || one.role !== undefined);
  const [general, others] = [
    found.filter((one) => one.row.statement === null),
    found.filter((one) => one.row.statement !== null),
  ];
  return { items: [...general, ...others].map((one) => topicInfo(ctx, row, one)), ageMs };
};
