import { MeshError, type StreamName, type TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { resolveTopic } from "../topics/resolve-topic.ts";

/** Where a stream is: in a mesh, or in a topic of it. */
export interface StreamPlace {
  readonly row: MembershipRow;
  readonly name: StreamName;
  readonly topic: TopicId | undefined;
}

/** The place as the broker is told it. */
export const wirePlace = ({ name, topic }: Pick<StreamPlace, "name" | "topic">) => ({
  name,
  ...(topic === undefined ? {} : { topic }),
});

/** Names a place within this home. */
export const placeKey = ({ row, name, topic }: StreamPlace): string =>
  `${row.mesh} ${topic ?? "*"} ${name}`;

/** The place that an input speaks of. Throws `not_found` for an unknown topic, `forbidden` for one that this member is not in. */
export async function placeOf(
  ctx: DeviceContext,
  row: MembershipRow,
  { name, topic }: { readonly name: StreamName; readonly topic?: string | undefined },
): Promise<StreamPlace> {
  if (topic === undefined) return { row, name, topic: undefined };
  const found = await resolveTopic(ctx, row, topic, "not_found");
  if (found.role === undefined) {
    throw new MeshError("forbidden", `topic: you are not in #${found.row.name}`);
  }
  return { row, name, topic: found.row.topic };
}

/** Whether the stream's topic has a key of its own, by the chain. */
export const isPrivate = (
  ctx: DeviceContext,
  { row, topic }: Pick<StreamPlace, "row" | "topic">,
): boolean => topic !== undefined && ctx.rosters.of(row.mesh).topics.has(topic);
