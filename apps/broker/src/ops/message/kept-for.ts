import { type Audience, everyone, groupOf, topicOf } from "@claudemesh/protocol";
import type { MemberContext, Services } from "../../handler.ts";

const dayMs = 24 * 3_600_000;

/** How long a message waits for its readers. */
export function keptFor(
  to: Audience,
  { config, roster }: Pick<Services, "config"> & Pick<MemberContext, "roster">,
): number {
  if (topicOf(to) !== undefined) return roster.policy.retentionDays * dayMs;
  return to === everyone || groupOf(to) !== undefined ? config.sharedTtlMs : config.directTtlMs;
}
