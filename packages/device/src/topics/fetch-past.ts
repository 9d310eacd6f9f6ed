import { receiveEnvelope, type SharedReceived } from "@claudemesh/crypto";
import { type Audience, type Envelope, limits, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { storePastPlain } from "../feed/take-plain.ts";
import { ringOf } from "../keys/ring-of.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { inboxRow } from "../store/inbox-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { outboxRow } from "../store/outbox-rows.ts";
import { addClosed, closedPosts, dropClosed, listPosts } from "../store/post-rows.ts";
import { setFloor, topicRow } from "../store/topic-rows.ts";
import type { ResolvedTopic } from "./resolve-topic.ts";
import { storePast } from "./store-past.ts";

/** pages that one call fetches at most */
const most = 20;

/** Which posts are wanted: so many below a place, or the newest. */
export interface PastQuery {
  readonly before: number | undefined;
  readonly limit: number;
}

/**
 * Fetches older posts of a topic from the broker until enough lies here or there are no more, verifies and stores them: as read, since history is never offered. Where this member
 * is in the topic, its feed brings what is newer, so that from the floor on nothing is asked for twice. Answers what a reader should know of posts that were not good.
 */
export async function fetchPast(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  found: ResolvedTopic,
  { before, limit }: PastQuery,
): Promise<string[]> {
  const notes: string[] = [];
  const { topic } = found.row;
  const isIn = found.role !== undefined;
  const known = isIn ? (topicRow(ctx.store, row.mesh, topic)?.floor ?? null) : null;
  const joins = isIn && (known !== null || before === undefined);
  let at = known ?? before;
  for (let page = 0; page < most && at !== 0; page++) {
    const isWhole = page > 0 || known !== null;
    if (isWhole && countHere(ctx, row, found, { before, limit }, at ?? 0) >= limit) break;
    const fetched = await fetchPage(ctx, row, link, found, { before: at, joins });
    notes.push(...fetched.notes);
    at = fetched.from;
  }
  return notes;
}

/**
 * Fetches, verifies and stores the page of posts before a place. Answers from which place on they lie here now (0 where there are no older ones), and what a reader should know
 * of posts that were not good; `joins`: what is here from that place on has no gap, which is noted.
 */
export async function fetchPage(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  found: ResolvedTopic,
  { before, joins }: { readonly before: number | undefined; readonly joins: boolean },
): Promise<{ readonly from: number; readonly notes: readonly string[] }> {
  const {
    items,
    plain = [],
    more,
  } = await link.client.topic.history({
    topic: found.row.topic,
    limit: limits.historyPage,
    ...(before === undefined ? {} : { before }),
  });
  await catchUp(ctx, row, link, items);
  const from = more ? lowest([...items, ...plain]) : 0;
  const notes: string[] = [];
  ctx.store.write(() => {
    for (const item of plain) storePastPlain(ctx, row, found.audience, item);
    for (const item of items) notes.push(...takePast(ctx, row, found.audience, item));
    if (joins) setFloor(ctx.store, found.row, from);
  });
  return { from, notes };
}

const lowest = (items: readonly { readonly seq: number }[]): number =>
  items.reduce((least, { seq }) => Math.min(least, seq), Number.MAX_SAFE_INTEGER);

/** How many of the wanted posts lie here, from a place on. */
const countHere = (
  ctx: DeviceContext,
  { member: self, mesh }: MembershipRow,
  { audience: place }: ResolvedTopic,
  { before = Number.MAX_SAFE_INTEGER, limit }: PastQuery,
  from: number,
): number => listPosts(ctx.store, { mesh, place, self, after: from - 1, before, limit }).length;

/** A post may stand on roster entries that have not come here yet. */
async function catchUp(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  { client }: MeshLink,
  items: readonly { readonly body: Envelope }[],
): Promise<void> {
  const { seq } = ctx.rosters.of(mesh).head;
  if (items.some(({ body }) => body.header.head.seq > seq)) {
    await syncRoster(ctx.rosters, mesh, client);
  }
}

/** Verifies and stores one old post. Part of the caller's transaction; answers what a reader should know of one that was not good. */
export function takePast(
  ctx: DeviceContext,
  row: MembershipRow,
  audience: Audience,
  { seq, body }: { readonly seq: number; readonly body: Envelope },
): string[] {
  const { from, id, to } = body.header;
  if (to !== audience) return [`entry ${seq} was refused: it was not posted to this topic`];
  if (from.member === row.member && outboxRow(ctx.store, id) !== undefined) return [];
  if (inboxRow(ctx.store, row.mesh, from.member, id) !== undefined) return [];
  const received = receive(ctx, row, body);
  if (received instanceof MeshError) {
    return [`entry ${seq} was refused: ${received.message}`];
  }
  switch (received.result) {
    case "ahead":
      return [`entry ${seq} was refused: the broker does not give the roster it stands on`];
    case "awaiting_key":
      addClosed(ctx.store, row.mesh, seq, body);
      return [];
    case "void":
      return [];
    case "opened":
    case "time_not_provable":
      storePast(ctx, row, seq, received);
      return [];
  }
}

/**
 * Where the roster stood when an old post was taken in only the broker could say, so that its claimed head is taken as its place; what a member's keys signed before they were taken
 * away comes out as not provable, and is shown to people only.
 */
function receive(
  ctx: DeviceContext,
  row: MembershipRow,
  body: Envelope,
): SharedReceived | MeshError {
  const { mesh, member } = row;
  const place = body.header.head.seq;
  try {
    return receiveEnvelope(body, {
      roster: ctx.rosters.of(mesh),
      opener: ctx.secretOf(row).opener,
      ring: ringOf(ctx, mesh),
      place,
      self: { mesh, member },
    });
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
}

/** Opens what lay closed for want of a key, where the key is here by now. */
export function retryClosed(
  ctx: DeviceContext,
  row: MembershipRow,
  { audience }: ResolvedTopic,
  query: { readonly before: number; readonly limit: number },
): void {
  const closed = closedPosts(ctx.store, { mesh: row.mesh, audience, after: 0, ...query });
  if (closed.length === 0) return;
  ctx.store.write(() => {
    for (const { seq, body } of closed) {
      const envelope = JSON.parse(body) as Envelope;
      const received = receive(ctx, row, envelope);
      if (received instanceof MeshError || received.result === "awaiting_key") continue;
      if (dropClosed(ctx.store, row.mesh, seq) > 0)
        takePast(ctx, row, audience, { seq, body: envelope });
    }
  });
}
