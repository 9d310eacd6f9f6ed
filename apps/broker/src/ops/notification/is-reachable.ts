import { type Audience, topicOf } from "@claudemesh/protocol";
import { reachesTopic } from "../../api-keys/require-reach.ts";
import type { MemberContext } from "../../handler.ts";

/** Whether the caller may still read what was said there, and its API key reaches it. */
export function isReachable(
  { audience }: { readonly audience: Audience },
  { actor, roster }: MemberContext,
): boolean {
  const topic = topicOf(audience);
  if (topic === undefined) return actor.key?.topics === undefined;
  const inside = roster.topics.get(topic)?.members.has(actor.member) ?? true;
  return inside && (actor.key === undefined || reachesTopic(actor.key, roster, topic));
}
