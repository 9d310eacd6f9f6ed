import { generalName, generalTopic } from "@claudemesh/crypto";
import type { TopicRole, WireTopic } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addGeneral, noteTopic, placeInTopic, topicRow, topicRows } from "../store/topic-rows.ts";
import { storeTopic } from "./store-topic.ts";

/** Makes sure that this home knows #general, which every mesh has. */
export const ensureGeneral = (ctx: DeviceContext, { mesh }: MembershipRow): number =>
  addGeneral(ctx.store, mesh, generalTopic(mesh), generalName);

/** Fetches the topics that this member may find, verifies and stores them. */
export async function refreshTopics(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<void> {
  const { items } = await link.client.topic.list({});
  await syncRoster(ctx.rosters, row.mesh, link.client);
  ctx.topicsAsOf.set(row.mesh, ctx.rosters.of(row.mesh).lastBarrier);
  ctx.store.write(() => {
    ensureGeneral(ctx, row);
    const listed = new Set(items.map(({ id }) => id));
    for (const item of items) takeTopic(ctx, row, item);
    for (const known of topicRows(ctx.store, row.mesh)) {
      if (!listed.has(known.topic)) placeInTopic(ctx.store, known, null);
    }
  });
}

/** Whether somebody was removed from the mesh since this process heard how many are in its topics. */
export const countsAreOld = (ctx: DeviceContext, { mesh }: MembershipRow): boolean =>
  ctx.rosters.of(mesh).lastBarrier > (ctx.topicsAsOf.get(mesh) ?? 0);

/** Stores what the broker says of one topic; part of the caller's transaction. */
export function takeTopic(ctx: DeviceContext, row: MembershipRow, said: WireTopic): void {
  const { id: topic, statement, members, readSeq } = said;
  const isGeneral = topic === generalTopic(row.mesh);
  if (statement === undefined ? !isGeneral : statement.topic !== topic) return;
  if (statement !== undefined && !storeTopic(ctx, row, statement)) return;
  const place = { mesh: row.mesh, topic };
  setRole(ctx, row, said);
  noteTopic(ctx.store, place, { members, readSeq });
}

function setRole(ctx: DeviceContext, { mesh }: MembershipRow, { id, role }: WireTopic): void {
  const known = topicRow(ctx.store, mesh, id);
  const now: TopicRole | null = role ?? null;
  if (known !== undefined && known.role !== now) placeInTopic(ctx.store, known, now);
}
