import {
  type Audience,
  type MemberId,
  MeshError,
  type MessageId,
  type SessionId,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { guardThread, putGuardThread } from "../store/guard-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { agentsSent, sameSent } from "../store/recent-rows.ts";
import { type Hops, later, noHops } from "./hops.ts";
import { type Cause, causeOf, lastHanded } from "./thread-of.ts";

export interface Sending {
  readonly id: MessageId;
  readonly to: MemberId | Audience;
  /** where it is for one session of the member alone */
  readonly session: SessionId | null;
  readonly text: string;
  readonly replyTo: MessageId | null;
  /** written by an agent session, not by a person */
  readonly isAgent: boolean;
  readonly at: number;
}

/** What the header of a message says of its thread. */
export interface ThreadFields {
  readonly thread?: MessageId;
  readonly hop?: number;
  readonly since?: MessageId;
}

/** How long a message that was handed over counts as what moved an agent to write. */
const causeMs = 10 * 60_000;

/**
 * Checks a message before it is queued and says what its header tells of the thread; part of the caller's transaction. Throws `repeated`, `rate_limited`, and
 * `loop_limit`, whose `detail.thread` and `detail.hops` name what `stopLoop` is to stop.
 */
export function onSend(ctx: DeviceContext, row: MembershipRow, sending: Sending): ThreadFields {
  requireNew(ctx, row, sending);
  const { isAgent, replyTo, id } = sending;
  const answered = replyTo === null ? undefined : answeredCause(ctx, row, replyTo);
  const thread = answered === undefined ? {} : { thread: answered.thread };
  if (!isAgent) {
    if (answered !== undefined) note(ctx, row, answered.thread, { since: id, hops: 0 });
    return thread;
  }
  requirePace(ctx, row, sending);
  const cause = answered ?? lastHanded(ctx.store, row.mesh, sending.at - causeMs);
  const before = cause === undefined ? noHops : hopsIn(ctx, row, cause);
  const hops = before.hops + 1;
  if (hops > ctx.guards.hops) throw stopped(cause?.thread ?? id, before.hops, ctx.guards.hops);
  note(ctx, row, answered?.thread ?? id, { since: before.since, hops });
  return { ...thread, hop: hops, ...(before.since === "" ? {} : { since: before.since }) };
}

const answeredCause = (ctx: DeviceContext, row: MembershipRow, id: MessageId): Cause =>
  causeOf(ctx.store, row.mesh, id) ?? { thread: id, who: row.member, ...noHops };

/** How far the thread of a message has gone, by that message and by all that this home has seen in it. */
function hopsIn(ctx: DeviceContext, row: MembershipRow, cause: Cause): Hops {
  const known = guardThread(ctx.store, row.mesh, cause.thread);
  return known === undefined ? cause : later(known, cause);
}

function note(ctx: DeviceContext, { mesh }: MembershipRow, thread: MessageId, hops: Hops): void {
  const { since } = hops;
  putGuardThread(ctx.store, { mesh, thread, since, hops: hops.hops, stopped_at: null });
}

function stopped(thread: MessageId, hops: number, most: number): MeshError {
  return new MeshError(
    "loop_limit",
    `agents wrote ${hops} messages in a row in thread ${thread.slice(-8)} without a person, ${most} are allowed; nothing was sent`,
    {
      hint: `stop here and tell your user; a person lets it go on with: claudemesh guard release ${thread.slice(-8)}`,
      detail: { thread, hops },
    },
  );
}

function requireNew(ctx: DeviceContext, { mesh }: MembershipRow, sending: Sending): void {
  const { repeatMs } = ctx.guards;
  const { at, to: member } = sending;
  const same = sameSent(ctx.store, { mesh, member, from: at - repeatMs + 1, until: at }, sending);
  if (same === undefined) return;
  const ago = Math.max(0, Math.round((at - same.created_at) / 1000));
  throw new MeshError(
    "repeated",
    `the same text went there ${ago} s ago as ${same.id.slice(-8)}; nothing was sent again`,
    {
      hint: `see how far that one is: claudemesh why ${same.id.slice(-8)}`,
      detail: { id: same.id },
      retryAfterMs: Math.max(0, same.created_at + repeatMs - at),
    },
  );
}

function requirePace(ctx: DeviceContext, { mesh }: MembershipRow, sending: Sending): void {
  const { burst, burstMs } = ctx.guards;
  const { at, to: member } = sending;
  const { count, first } = agentsSent(ctx.store, {
    mesh,
    member,
    from: at - burstMs + 1,
    until: at,
  });
  if (count < burst) return;
  throw new MeshError(
    "rate_limited",
    `agents sent this recipient ${count} messages in ${burstMs / 1000} s; nothing was sent`,
    { retryAfterMs: Math.max(1, first + burstMs - at) },
  );
}
