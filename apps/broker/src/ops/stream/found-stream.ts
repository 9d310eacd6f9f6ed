import { MeshError, type StreamName, type TopicId, type TopicRole } from "@claudemesh/protocol";
import type { StreamRow } from "../../store/stream-port.ts";
import { foundTopic } from "../topic/found-topic.ts";
import type { TopicContext } from "../topic/why-no-post.ts";

export interface NamedStream {
  readonly name: StreamName;
  readonly topic?: TopicId | undefined;
}

/** The actor's role in the topic that a stream is for; undefined where it is for everyone. Throws `not_found`, and `forbidden` for who is not in the topic. */
export async function roleFor(
  { topic }: NamedStream,
  ctx: TopicContext,
): Promise<TopicRole | undefined> {
  if (topic === undefined) return undefined;
  const { role } = await foundTopic(topic, ctx);
  if (role !== undefined) return role;
  throw new MeshError("forbidden", "topic: only its members have its streams");
}

/** A stream that the actor may listen to. Throws `not_found` and `forbidden`. */
export async function foundStream(
  named: NamedStream,
  ctx: TopicContext,
): Promise<{ readonly row: StreamRow; readonly role: TopicRole | undefined }> {
  const role = await roleFor(named, ctx);
  const row = await ctx.store.read.stream(ctx.actor.mesh, {
    name: named.name,
    topic: named.topic ?? "",
  });
  if (row !== undefined) return { row, role };
  throw new MeshError("not_found", `name: there is no stream ${named.name} there`, {
    hint: "make it with stream create; stream list names those that there are",
  });
}

/** A stream as it is shown. */
export const describeStream = ({ name, topic, by, createdAt }: StreamRow) => ({
  name,
  ...(topic === "" ? {} : { topic }),
  by,
  createdAt,
});
