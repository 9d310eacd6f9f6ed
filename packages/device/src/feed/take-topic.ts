import type { TopicNews } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { noteTopic, placeInTopic, setFloor, topicRow } from "../store/topic-rows.ts";
import { storeTopic } from "../topics/store-topic.ts";
import type { FeedScope } from "./feed-scope.ts";

/** Takes in what a topic is, where it is well signed, and this member's role in it: from that entry on its posts come over this feed. */
export async function takeTopic(
  ctx: DeviceContext,
  scope: FeedScope,
  { topic, role, members }: TopicNews,
  seq: number,
): Promise<void> {
  const { store } = ctx;
  const { mesh } = scope.row;
  if (ctx.rosters.of(mesh).memberByKey(topic.author) === undefined) await scope.syncRoster();
  store.write(() => {
    if (!storeTopic(ctx, scope.row, topic)) return;
    const known = topicRow(store, mesh, topic.topic);
    if (known === undefined) return;
    if (members !== undefined) noteTopic(store, known, { members, readSeq: 0 });
    if (role === undefined) return;
    placeInTopic(store, known, role);
    if (role !== null && known.floor === null) setFloor(store, known, seq);
  });
  ctx.wake.now();
}
