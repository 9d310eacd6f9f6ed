import { signTopic } from "@claudemesh/crypto";
import type { Topic, TopicInfo, WireTopic } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { topicRow } from "../../store/topic-rows.ts";
import { refreshTopics, takeTopic } from "../../topics/refresh-topics.ts";
import { describe } from "../../topics/resolve-topic.ts";
import { topicInfo } from "../../topics/topic-info.ts";
import { requireOwnWord, topicOf } from "./topic-of.ts";

/** Signs the next version of a topic with what changes in it, and has the broker keep it. */
export async function changeTopic(
  ctx: DeviceContext,
  target: { readonly mesh?: string | undefined; readonly name: string },
  change: Partial<Pick<Topic, "description" | "ended">>,
  send: (link: MeshLink, topic: Topic) => Promise<WireTopic>,
): Promise<{ id: string; topic: TopicInfo }> {
  const { row, found, topic: id } = await topicOf(ctx, target);
  requireOwnWord(found, change.ended ? "deleted" : "changed");
  return ctx.links.using(row, async (link) => {
    await refreshTopics(ctx, row, link);
    const known = topicRow(ctx.store, row.mesh, id);
    const before = JSON.parse(known?.statement ?? found.row.statement ?? "") as Topic;
    const { v: _v, author: _author, sig: _sig, ...statement } = before;
    const next = signTopic(
      {
        ...statement,
        ...change,
        version: before.version + 1,
        at: ctx.now() + link.clockAheadMs,
      },
      ctx.secretOf(row).signer,
    );
    const said = await send(link, next);
    ctx.store.write(() => takeTopic(ctx, row, said));
    const kept = topicRow(ctx.store, row.mesh, id) ?? found.row;
    return { id, topic: topicInfo(ctx, row, describe(ctx, row, kept)) };
  });
}
