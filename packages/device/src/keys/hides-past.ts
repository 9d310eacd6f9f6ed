import type { MeshId, Topic, TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { topicRow } from "../store/topic-rows.ts";

/** Which topics of a mesh give those who come later nothing of their past, by their signed statements. */
export const hidesPast =
  ({ store }: Pick<DeviceContext, "store">, mesh: MeshId) =>
  (topic: TopicId): boolean => {
    const statement = topicRow(store, mesh, topic)?.statement ?? null;
    return statement !== null && (JSON.parse(statement) as Topic).history === "none";
  };
