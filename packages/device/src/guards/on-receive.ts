import {
  audienceOfMany,
  type EnvelopeHeader,
  type MessageBody,
  sessionOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { guardThread, putGuardThread, senderRule } from "../store/guard-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { agentsReceived, sameReceived } from "../store/recent-rows.ts";
import { hopsOf, isMadeUp, later } from "./hops.ts";
import type { GuardReason } from "./reasons.ts";

/** What becomes of a message that was verified and opened: shown to readers, kept back, or turned away. */
export type Verdict =
  | { readonly take: "offer" }
  | { readonly take: "hold" | "refuse"; readonly reason: GuardReason };

interface Opened {
  readonly header: EnvelopeHeader;
  readonly body: MessageBody;
}

/** What the guards say to a received message; part of the caller's transaction. The sender is told by a receipt with the reason. */
export function onReceive(
  ctx: DeviceContext,
  row: MembershipRow,
  { header, body }: Opened,
): Verdict {
  const { store } = ctx;
  const { member } = header.from;
  if (member === row.member) return { take: "offer" };
  const rule = senderRule(store, row.mesh, member);
  if (rule === "refuse") return { take: "refuse", reason: "sender_refused" };
  if (isRepeated(ctx, row, header, body.text)) return { take: "refuse", reason: "repeated" };
  if (isBurst(ctx, row, header)) return { take: "refuse", reason: "burst" };
  if (isLoop(ctx, row, header)) return { take: "hold", reason: "loop_limit" };
  return rule === "hold" ? { take: "hold", reason: "awaiting_approval" } : { take: "offer" };
}

/** By the time at which they were written, so that what waited for days while this device was away is not taken for a repeat. */
function isRepeated(
  { store, guards }: DeviceContext,
  { mesh }: MembershipRow,
  { from, to, createdAt, replyTo }: EnvelopeHeader,
  text: string,
): boolean {
  const ms = guards.repeatMs - 1;
  const at = { mesh, member: from.member, from: createdAt - ms, until: createdAt + ms };
  return (
    sameReceived(store, at, {
      text,
      replyTo: replyTo ?? null,
      session: sessionOf(to) ?? null,
      audience: audienceOfMany(to),
    }) !== undefined
  );
}

function isBurst(
  { store, guards }: DeviceContext,
  { mesh }: MembershipRow,
  { from, createdAt, hop }: EnvelopeHeader,
): boolean {
  if (hop === undefined) return false;
  const { burst, burstMs } = guards;
  const at = { mesh, member: from.member, from: createdAt - burstMs + 1, until: createdAt };
  return agentsReceived(store, at).count >= 2 * burst;
}

/** Takes in how far a thread has gone; true when this message goes on in a thread that is at its end. */
function isLoop(ctx: DeviceContext, { mesh }: MembershipRow, header: EnvelopeHeader): boolean {
  const { store, guards } = ctx;
  const thread = header.thread ?? header.id;
  const known = guardThread(store, mesh, thread);
  if (known === undefined && header.hop === undefined) return false;
  const said = hopsOf(header);
  const claimed = isMadeUp(said, ctx.now()) ? { ...said, since: known?.since ?? "" } : said;
  const state = known === undefined ? claimed : later(known, claimed);
  const isLate = state.since !== claimed.since;
  const isNew = known === undefined || known.since !== state.since;
  const stopped = isNew ? null : known.stopped_at;
  const isOver =
    header.hop !== undefined && !isLate && (claimed.hops > guards.hops || stopped !== null);
  const { since, hops } = state;
  putGuardThread(store, { mesh, thread, since, hops, stopped_at: stopped });
  return isOver;
}
