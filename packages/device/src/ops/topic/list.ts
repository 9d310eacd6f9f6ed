import { nouns } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { findableTopics } from "../../topics/findable-topics.ts";
import { refreshTopics } from "../../topics/refresh-topics.ts";
import { dmInfos, topicInfo } from "../../topics/topic-info.ts";
import { cachedRead } from "../cached-read.ts";
import { askedMesh } from "../target-mesh.ts";

/** The topics that this member may find: #general first, then by name, then its dms. */
export const list: DeviceHandler<"topic.list"> = async ({ mesh }, ctx) => {
  const row = askedMesh(ctx, mesh);
  const { ageMs } = await cachedRead(ctx, row, nouns.topic.list.name, async (link) => {
    await refreshTopics(ctx, row, link);
    return true;
  });
  const made = findableTopics(ctx, row).map((one) => topicInfo(ctx, row, one));
  return { items: [...made, ...dmInfos(ctx, row)], ageMs };
};
