import type { DeviceHandler } from "../../handler.ts";
import { addToTopic } from "../../topics/private-members.ts";
import { memberNamed } from "./member-of.ts";
import { requireOwnWord, topicOf } from "./topic-of.ts";

/** Brings a member into a topic; a private one by a signed roster entry, with its keys. */
export const invite: DeviceHandler<"topic.invite"> = async ({ member, role, ...target }, ctx) => {
  const { row, found, topic } = await topicOf(ctx, target);
  requireOwnWord(found, "invited to, since everyone is in it");
  return ctx.links.using(row, async (link) => {
    const who = await memberNamed(ctx, row, link, member);
    const place = { topic, member: who.id, role };
    if (found.envelope === "private_topic") await addToTopic(ctx, row, link, place);
    else await link.client.topic.invite(place);
    return { member: who.id, name: who.name, role };
  });
};
