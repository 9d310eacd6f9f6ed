import { type Audience, everyone, groupOf, type MeshId, topicOf } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import { topicName } from "../topics/topic-name.ts";

/** What an inbox says of the audience of a message to many. */
export interface AudienceName {
  readonly kind: "broadcast" | "group" | "topic";
  readonly group?: string;
  readonly topic?: string;
  /** as people write it: `*`, `@group`, `#topic` */
  readonly written: string;
}

/** An audience as people write it; undefined for one member or session. */
export function audienceName(
  store: HomeStore,
  mesh: MeshId,
  audience: Audience | null,
): AudienceName | undefined {
  if (audience === null) return undefined;
  if (audience === everyone) return { kind: "broadcast", written: everyone };
  const group = groupOf(audience);
  if (group !== undefined) return { kind: "group", group, written: `@${group}` };
  const id = topicOf(audience);
  if (id === undefined) return undefined;
  const topic = topicName(store, mesh, id);
  return { kind: "topic", topic, written: `#${topic}` };
}
