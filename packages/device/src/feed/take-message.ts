import { receiveEnvelope, type SharedReceived } from "@claudemesh/crypto";
import { type Envelope, type EnvelopeHeader, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { ringOf } from "../keys/ring-of.ts";
import { claimedAudience, hasEnded, openSession } from "../sessions/open-session.ts";
import { dropAwaiting, readyAwaiting, type WaitsFor } from "../store/awaiting-rows.ts";
import { isLetThrough } from "../trust/keep-grants.ts";
import { acceptMessage, keepUndated } from "./accept-message.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";
import { holdForKey, holdForRoster } from "./hold-message.ts";
import { placeOf } from "./place-of.ts";
import { refuse } from "./refuse-message.ts";
import { takeForEnded } from "./take-for-ended.ts";

/**
 * Checks an envelope and stores what became of it in one transaction: as a message, as refused with its reason, or as waiting for roster entries
 * or a key that are not here. Throws only what stops the whole feed (storage, or a roster that contradicts mine).
 */
export async function takeMessage(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
): Promise<void> {
  await take(ctx, scope, event);
}

/** As `takeMessage`; true when the message goes on waiting. */
async function take(ctx: DeviceContext, scope: FeedScope, event: MessageEvent): Promise<boolean> {
  const pushed = ctx.now();
  if (hasEnded(ctx, scope.row.mesh, claimedAudience(event.body))) {
    await takeForEnded(ctx, scope, event);
    return false;
  }
  let received = receive(ctx, scope, event);
  if (!(received instanceof MeshError) && received.result === "ahead") {
    await scope.syncRoster();
    received = receive(ctx, scope, event);
  }
  if (received instanceof MeshError) {
    refuse(ctx, scope, event, received);
    return false;
  }
  switch (received.result) {
    case "ahead":
      holdForRoster(ctx, scope, event);
      return true;
    case "awaiting_key":
      holdForKey(ctx, scope, event, received.keyVersion);
      return true;
    case "time_not_provable":
      keepUndated(ctx, scope, event, received);
      return false;
    case "opened":
    case "void":
      if (received.header.kind === "probe") takeProbe(ctx, scope, received.header, pushed);
      else takeGood(ctx, scope, event, received);
      return false;
  }
}

function takeGood(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
  good: Extract<SharedReceived, { result: "opened" | "void" }>,
): void {
  const { from, to } = good.header;
  if (!isLetThrough(ctx, scope.row, from.member, to)) return;
  acceptMessage(ctx, scope, event, good);
  ctx.wake.now();
  ctx.events.tell({ type: "message", mesh: scope.row.mesh, id: good.header.id });
}

function receive(
  ctx: DeviceContext,
  { row }: FeedScope,
  event: MessageEvent,
): SharedReceived | MeshError {
  const roster = ctx.rosters.of(row.mesh);
  const session = openSession(ctx, row.mesh, claimedAudience(event.body));
  const opener = session?.opener ?? ctx.secretOf(row).opener;
  const self = { mesh: row.mesh, member: row.member };
  try {
    return receiveEnvelope(event.body, {
      roster,
      opener,
      ring: ringOf(ctx, row.mesh),
      place: placeOf(ctx, row, event.seq),
      self: session === undefined ? self : { ...self, session: session.id },
    });
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
}

function takeProbe(
  ctx: DeviceContext,
  { row }: FeedScope,
  header: EnvelopeHeader,
  pushed: number,
): void {
  if (header.from.member !== row.member) return;
  ctx.probes.get(header.id)?.({ pushed, opened: ctx.now() });
}

/** Takes in again what waited for roster entries, or for a key, that may be here now. */
export async function retryAwaiting(
  ctx: DeviceContext,
  scope: FeedScope,
  waits: WaitsFor = "roster",
): Promise<void> {
  const { mesh } = scope.row;
  for (const row of readyAwaiting(ctx.store, mesh, waits, ctx.rosters.of(mesh).head.seq)) {
    const event = { seq: row.seq, body: JSON.parse(row.body) as Envelope };
    const goesOn = await take(ctx, scope, event);
    // What waited for the roster and now waits for its key has been kept under that reason.
    if (!goesOn) ctx.store.write(() => dropAwaiting(ctx.store, row));
  }
}
