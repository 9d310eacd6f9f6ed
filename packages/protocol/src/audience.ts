import { z } from "zod";
import { MemberId, SessionId, TopicId } from "./ids.ts";

/** Who a log entry is for: `m:<member>`, `s:<session>`, `g:<group path>`, `t:<topic>` or `*`. */
export const Audience = z
  .union([
    z.templateLiteral(["m:", MemberId]),
    z.templateLiteral(["s:", SessionId]),
    z.templateLiteral(["t:", TopicId]),
    z.string().regex(/^g:[a-z0-9-]{1,50}(\/[a-z0-9-]{1,50}){0,7}$/),
    z.literal("*"),
  ])
  .brand<"Audience">()
  .describe("audience key");
export type Audience = z.infer<typeof Audience>;

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

/** The topic that an audience key names, or undefined when it names something else. */
export function topicOf(audience: Audience): TopicId | undefined {
  return audience.startsWith("t:") ? (audience.slice(2) as TopicId) : undefined;
}
