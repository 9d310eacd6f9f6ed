import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { topicRow } from "../store/topic-rows.ts";
import { owesTopicKey, settleTopicKey } from "./private-key.ts";
import { refreshTopics } from "./refresh-topics.ts";
import { describe, type ResolvedTopic } from "./resolve-topic.ts";

/**
 * Makes sure that this member may post to a topic as far as is known, asking the broker before saying that it may not, and gives a private topic the next key where somebody
 * who has the newest is in it no more. Offline the post waits for that. Throws `forbidden`.
 */
export async function readyToPost(
  ctx: DeviceContext,
  row: MembershipRow,
  found: ResolvedTopic,
): Promise<ResolvedTopic> {
  const { topic } = found.row;
  const isKnown = found.role === "lead" || found.role === "member";
  const owes = owesTopicKey(ctx.rosters.of(row.mesh), row, topic);
  if (isKnown && !owes) return found;
  const isAsked = await asked(ctx, row, async (link) => {
    if (!isKnown) await refreshTopics(ctx, row, link);
    await settleTopicKey(ctx, row, link, topic);
  });
  const now = describe(ctx, row, topicRow(ctx.store, row.mesh, topic) ?? found.row);
  // What the broker was not asked of it decides when the post gets there.
  if (isAsked) requirePoster(now);
  return now;
}

async function asked(
  ctx: DeviceContext,
  row: MembershipRow,
  ask: (link: MeshLink) => Promise<void>,
): Promise<boolean> {
  try {
    await ctx.links.using(row, ask);
    return true;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return false;
  }
}

function requirePoster({ role, row: { name } }: ResolvedTopic): void {
  if (role === undefined) {
    throw new MeshError("forbidden", `you have not joined #${name}`, {
      hint: `join it first: claudemesh topic join ${name}`,
    });
  }
  if (role !== "observer") return;
  throw new MeshError("forbidden", `you are an observer of #${name}, and observers do not post`, {
    hint: `one of its leads can change that: claudemesh topic members ${name}`,
  });
}
