import { generalName, generalTopic } from "@claudemesh/crypto";
import type { MeshId, TopicId } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import { topicRow } from "../store/topic-rows.ts";

/** What a topic is called, as its signed statement says; its id where that has not come here. */
export const topicName = (store: HomeStore, mesh: MeshId, topic: TopicId): string =>
  topic === generalTopic(mesh) ? generalName : (topicRow(store, mesh, topic)?.name ?? topic);
