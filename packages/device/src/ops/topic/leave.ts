import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { placeInTopic } from "../../store/topic-rows.ts";
import { requireNotLast } from "../../topics/last-holder.ts";
import { removeFromTopic } from "../../topics/private-members.ts";
import { memberNamed } from "./member-of.ts";
import { requireOwnWord, topicOf } from "./topic-of.ts";

/** Leaves a topic, or as its lead takes another out; a private one goes on under a new key. */
export const leave: DeviceHandler<"topic.leave"> = async (
  { member, evenAsLast, ...target },
  ctx,
) => {
  const { row, found, topic } = await topicOf(ctx, target);
  requireOwnWord(found, "left");
  return ctx.links.using(row, async (link) => {
    const who =
      member === undefined
        ? { id: row.member, name: row.display_name }
        : await memberNamed(ctx, row, link, member);
    if (who.id === row.member && found.role === undefined) {
      throw new MeshError("not_found", `name: you are not in #${found.row.name}`);
    }
    if (!evenAsLast) requireNotLast(ctx, row, who.id, [found.row]);
    const place = { topic, member: who.id };
    if (found.envelope === "private_topic") await removeFromTopic(ctx, row, link, place);
    else await link.client.topic.leave(place);
    if (who.id === row.member) ctx.store.write(() => placeInTopic(ctx.store, found.row, null));
    const self = who.id === row.member;
    return { member: who.id, name: who.name, topic: found.row.name, self };
  });
};
