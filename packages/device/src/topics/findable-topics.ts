import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { topicRows } from "../store/topic-rows.ts";
import { ensureGeneral } from "./refresh-topics.ts";
import { describe, type ResolvedTopic } from "./resolve-topic.ts";

/** The topics that this member may find, by what is known here: #general first, then by name. */
export function findableTopics(ctx: DeviceContext, row: MembershipRow): ResolvedTopic[] {
  ensureGeneral(ctx, row);
  const found = topicRows(ctx.store, row.mesh)
    .map((one) => describe(ctx, row, one))
    .filter((one) => one.row.visibility === "public" || one.role !== undefined);
  const isGeneral = (one: ResolvedTopic) => one.row.statement === null;
  return [...found.filter(isGeneral), ...found.filter((one) => !isGeneral(one))];
}
