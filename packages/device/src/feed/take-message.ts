import { type Received, receiveEnvelope } from "@claudemesh/crypto";
import {
  type Envelope,
  type EnvelopeHeader,
  type Hash,
  MeshError,
  type MessageBody,
  sessionOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { loopStopped, stopLoop, takeLoopStop } from "../guards/loop-stop.ts";
import { onReceive, type Verdict } from "../guards/on-receive.ts";
import { reasonInWords } from "../guards/reasons.ts";
import { claimedAudience, hasEnded, openSession } from "../sessions/open-session.ts";
import { dropAwaiting, readyAwaiting } from "../store/awaiting-rows.ts";
import { addInbox, inboxRow } from "../store/inbox-rows.ts";
import { addNotice } from "../store/notices.ts";
import { addDue } from "../store/receipt-rows.ts";
import { countReceived } from "../store/received-counters.ts";
import { tell } from "../store/story.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";
import { hold } from "./hold-message.ts";
import { refuse, senderName } from "./refuse-message.ts";
import { takeForEnded } from "./take-for-ended.ts";

/**
 * Checks an envelope and stores what became of it in one transaction: as a message, as refused with its reason, or as waiting for roster entries
 * that the broker does not give. Throws only what stops the whole feed (storage, or a roster that contradicts mine).
 */
export async function takeMessage(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
): Promise<void> {
  const pushed = ctx.now();
  if (hasEnded(ctx, scope.row.mesh, claimedAudience(event.body))) {
    return takeForEnded(ctx, scope, event);
  }
  let received = receive(ctx, scope, event);
  if (!(received instanceof MeshError) && received.result === "ahead") {
    await scope.syncRoster();
    received = receive(ctx, scope, event);
  }
  if (received instanceof MeshError) return refuse(ctx, scope, event, received);
  if (received.result === "ahead") return hold(ctx, scope, event);
  if (received.result === "time_not_provable") {
    return refuse(ctx, scope, event, unprovable(received.end.seq));
  }
  if (received.header.kind === "probe") return takeProbe(ctx, scope, received.header, pushed);
  accept(ctx, scope, event, received);
  ctx.wake.now();
  ctx.events.tell({ type: "message", mesh: scope.row.mesh, id: received.header.id });
}

function receive(
  ctx: DeviceContext,
  { row }: FeedScope,
  event: MessageEvent,
): Received | MeshError {
  const roster = ctx.rosters.of(row.mesh);
  const session = openSession(ctx, row.mesh, claimedAudience(event.body));
  const opener = session?.opener ?? ctx.secretOf(row).opener;
  const self = { mesh: row.mesh, member: row.member };
  try {
    return receiveEnvelope(event.body, {
      roster,
      opener,
      self: session === undefined ? self : { ...self, session: session.id },
    });
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
}

/** What a key that was taken away still signs may be dated back, so it is told of and never offered. */
const unprovable = (seq: number): MeshError =>
  new MeshError(
    "roster_stale",
    `its time cannot be proven, since entry ${seq} removed its sender or replaced the sender's keys`,
  );

type Good = { readonly header: EnvelopeHeader; readonly digest: Hash; readonly body?: MessageBody };

function accept(ctx: DeviceContext, scope: FeedScope, event: MessageEvent, good: Good): void {
  const { header, digest, body } = good;
  const { mesh, id, from } = header;
  const { store } = ctx;
  const at = ctx.now();
  const toSession = sessionOf(header.to);
  store.write(() => {
    const known = inboxRow(store, mesh, from.member, id);
    if (known !== undefined) {
      if (known.digest === digest) return;
      const used = new MeshError("conflict", "its id was used before for something else");
      return refuse(ctx, scope, event, used);
    }
    const counted = countReceived(store, header, at);
    const isStop = body?.subtype === loopStopped;
    const verdict: Verdict =
      body === undefined || isStop
        ? { take: "offer" }
        : onReceive(ctx, scope.row, { header, body });
    const isRefused = verdict.take === "refuse";
    addInbox(store, {
      mesh,
      sender: from.member,
      id,
      digest,
      kind: body === undefined ? "void" : isStop ? "guard" : "direct",
      text: isRefused ? "" : (body?.text ?? ""),
      priority: header.priority,
      reply_to: header.replyTo ?? null,
      seq: event.seq,
      created_at: header.createdAt,
      received_at: at,
      to_session: toSession ?? null,
      from_session: from.session ?? null,
      thread: header.thread ?? null,
      hop: header.hop ?? null,
      since: header.since ?? null,
      intent: header.intent ?? null,
      subtype: body?.subtype ?? null,
      guard: verdict.take === "offer" ? null : verdict.take,
      guard_reason: verdict.take === "offer" ? null : verdict.reason,
    });
    if (counted === "reused") {
      const text = `${senderName(ctx, scope, from.member)} used the counter ${header.n} twice: its home may have been copied`;
      addNotice(store, {
        mesh,
        key: `counter:${from.member}:${id}`,
        code: "counter_reused",
        text,
        at,
      });
    }
    if (body === undefined) {
      tell(store, mesh, id, { at, what: "was given up by its sender", sender: from.member });
      return;
    }
    const due = {
      mesh,
      sender: from.member,
      message: id,
      digest,
      way: null,
      session: toSession ?? null,
      at,
    };
    if (verdict.take === "refuse") {
      const { reason } = verdict;
      tell(store, mesh, id, {
        at,
        what: `refused here: ${reasonInWords(reason)}`,
        sender: from.member,
      });
      addDue(store, { ...due, state: "refused", reason });
      return;
    }
    tell(store, mesh, id, { at, what: "verified, opened and stored here", sender: from.member });
    addDue(store, { ...due, state: "stored", reason: null });
    if (isStop) takeLoopStop(ctx, scope.row, header);
    if (verdict.take === "hold") {
      const { reason } = verdict;
      const what = `held here: ${reasonInWords(reason)}`;
      tell(store, mesh, id, { at, what, sender: from.member });
      addDue(store, { ...due, state: "held", reason });
      if (reason === "loop_limit") {
        stopLoop(ctx, scope.row, { thread: header.thread ?? id });
      }
    }
  });
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

/** Takes in again what waited for roster entries that are here now. */
export async function retryAwaiting(ctx: DeviceContext, scope: FeedScope): Promise<void> {
  const { mesh } = scope.row;
  for (const row of readyAwaiting(ctx.store, mesh, ctx.rosters.of(mesh).head.seq)) {
    await takeMessage(ctx, scope, { seq: row.seq, body: JSON.parse(row.body) as Envelope });
    ctx.store.write(() => dropAwaiting(ctx.store, row));
  }
}
