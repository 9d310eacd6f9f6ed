// Apart from the schema: the thread that writes the log starts without one.
import type { Audience } from "./audience.ts";
import type { MemberId, SessionId, TopicId } from "./ids.ts";

/** The audience key of one member. */
export const audienceOf = (member: MemberId): Audience => `m:${member}` as Audience;

/** The member that an audience key names, or undefined when it names something else. */
export function memberOf(audience: Audience): MemberId | undefined {
  return audience.startsWith("m:") ? (audience.slice(2) as MemberId) : undefined;
}

/** The audience key of one session. */
export const audienceOfSession = (session: SessionId): Audience => `s:${session}` as Audience;

/** The session that an audience key names, or undefined when it names something else. */
export function sessionOf(audience: Audience): SessionId | undefined {
  return audience.startsWith("s:") ? (audience.slice(2) as SessionId) : undefined;
}

/** The audience of everyone in the mesh. */
export const everyone = "*" as Audience;

/** The audience key of a group, by its path. */
export const audienceOfGroup = (group: string): Audience => `g:${group}` as Audience;

/** The group that an audience key names, or undefined when it names something else. */
export function groupOf(audience: Audience): string | undefined {
  return audience.startsWith("g:") ? audience.slice(2) : undefined;
}

/** A group's path and those of every group that it lies in: who is in `a/b` is in `a`. */
export const withAncestors = (group: string): string[] =>
  group.split("/").map((_part, at, parts) => parts.slice(0, at + 1).join("/"));

/** The audience key of one topic. */
export const audienceOfTopic = (topic: TopicId): Audience => `t:${topic}` as Audience;

/** The topic that an audience key names, or undefined when it names something else. */
export function topicOf(audience: Audience): TopicId | undefined {
  return audience.startsWith("t:") ? (audience.slice(2) as TopicId) : undefined;
}

/** The audience key itself where it is that of many; null where it names one member or session. */
export const audienceOfMany = (audience: Audience): Audience | null =>
  memberOf(audience) === undefined && sessionOf(audience) === undefined ? audience : null;
