import type { Received } from "@claudemesh/crypto";
import {
  audienceOfMany,
  type EnvelopeHeader,
  type Hash,
  MeshError,
  type MessageBody,
  sessionOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { noteSeenDevice } from "../devices/note-devices.ts";
import { loopStopped, stopLoop, takeLoopStop } from "../guards/loop-stop.ts";
import { onReceive, type Verdict } from "../guards/on-receive.ts";
import { reasonInWords } from "../guards/reasons.ts";
import { hasSibling, isHomeHidden } from "../sessions/who-is-here.ts";
import { addInbox, type InboxRow, inboxRow, type NewInbox } from "../store/inbox-rows.ts";
import { addNotice } from "../store/notices.ts";
import { addDue } from "../store/receipt-rows.ts";
import { countReceived } from "../store/received-counters.ts";
import { tell } from "../store/story.ts";
import { isFollowUp } from "../topics/follow-ups.ts";
import { takePost } from "../topics/take-post.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";
import { refuse, senderName } from "./refuse-message.ts";
import { wasOut } from "./was-out.ts";

/** A message that passed every check; without a body, a void. */
export type Good = {
  readonly header: EnvelopeHeader;
  readonly digest: Hash;
  readonly body?: MessageBody;
};

/** Why a message that was verified and opened is offered to nobody here, though nothing is wrong with it. */
type Passed = "absent" | "hidden" | "own" | undefined;

/** Stores a verified message with its counter and what its sender is to be told, in one transaction. */
export function acceptMessage(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
  good: Good,
): void {
  const { header, digest, body } = good;
  const { mesh, id, from } = header;
  const { store } = ctx;
  const at = ctx.now();
  store.write(() => {
    const known = inboxRow(store, mesh, from.member, id);
    if (known !== undefined) {
      if (known.digest === digest || isSealedAgain(known, good)) return;
      const used = new MeshError("conflict", "its id was used before for something else");
      return refuse(ctx, scope, event, used);
    }
    const { row } = scope;
    const isOwn = from.member === row.member && audienceOfMany(header.to) !== null;
    // What was sent from here comes back in the place that it has among the others' messages; it was counted when it was sent.
    if (!isOwn || from.device !== row.device) count(ctx, scope, header, at);
    if (isOwn && from.device !== row.device) noteSeenDevice(ctx, mesh, from.device);
    const isStop = body?.subtype === loopStopped;
    const verdict: Verdict =
      body === undefined || isStop || isOwn
        ? { take: "offer" }
        : onReceive(ctx, row, { header, body });
    const passed = passedOver(ctx, scope, header, { isOwn, seq: event.seq });
    addInbox(store, {
      ...asRow(good, event.seq, at),
      ...(isStop ? { kind: "guard" } : {}),
      ...(verdict.take === "refuse" ? { text: "" } : {}),
      guard: verdict.take === "offer" ? null : verdict.take,
      guard_reason: verdict.take === "offer" ? null : verdict.reason,
      own: isOwn ? 1 : 0,
      isPassed: passed !== undefined || isFollowUp(header.to, body?.subtype),
    });
    if (verdict.take !== "refuse") takePost(ctx, scope, good, event.seq);
    tellOf(ctx, scope, good, { verdict, passed, at });
    if (isStop) takeLoopStop(ctx, row, header);
  });
}

/** Whether it is the message that is here, which its sender had to seal again for a broker that goes on from a backup. */
const isSealedAgain = (known: InboxRow, { header, body }: Good): boolean =>
  known.created_at === header.createdAt &&
  known.kind === header.kind &&
  known.text === body?.text &&
  known.reply_to === (header.replyTo ?? null) &&
  known.subtype === (body.subtype ?? null);

/** Keeps, for people only, a message that may have been dated back by one who has its sender's keys no more; the sender is told that it was refused. */
export function keepUndated(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
  undated: Extract<Received, { result: "time_not_provable" }>,
): void {
  const { header, end } = undated;
  const { store } = ctx;
  const why = `its time cannot be proven, since entry ${end.seq} removed its sender or replaced the sender's keys`;
  store.write(() => {
    const known = inboxRow(store, header.mesh, header.from.member, header.id);
    if (known?.digest === undated.digest) return;
    refuse(ctx, scope, event, new MeshError("roster_stale", why));
    if (known !== undefined) return;
    const row = asRow(undated, event.seq, ctx.now());
    addInbox(store, { ...row, guard: "undated", guard_reason: "time_not_provable" });
  });
}

/** A verified message as a row of the inbox, before what the guards say of it. */
export function asRow({ header, digest, body }: Good, seq: number, at: number): NewInbox {
  return {
    mesh: header.mesh,
    sender: header.from.member,
    id: header.id,
    digest,
    kind: body === undefined || header.kind === "probe" ? "void" : header.kind,
    audience: audienceOfMany(header.to),
    own: 0,
    text: body?.text ?? "",
    priority: header.priority,
    reply_to: header.replyTo ?? null,
    seq,
    created_at: header.createdAt,
    received_at: at,
    to_session: sessionOf(header.to) ?? null,
    from_session: header.from.session ?? null,
    thread: header.thread ?? null,
    hop: header.hop ?? null,
    since: header.since ?? null,
    intent: header.intent ?? null,
    subtype: body?.subtype ?? null,
    guard: null,
    guard_reason: null,
  };
}

function passedOver(
  ctx: DeviceContext,
  { row }: FeedScope,
  { from, kind, to }: EnvelopeHeader,
  { isOwn, seq }: { readonly isOwn: boolean; readonly seq: number },
): Passed {
  if (isOwn) return hasSibling(ctx, row.mesh, from.session) ? undefined : "own";
  if (audienceOfMany(to) !== null && wasOut(ctx, row, seq)) return "absent";
  return kind === "broadcast" && isHomeHidden(ctx, row.mesh) ? "hidden" : undefined;
}

/** Takes in the counter; one that was used before says that the sender's home was copied. */
function count(ctx: DeviceContext, scope: FeedScope, header: EnvelopeHeader, at: number): void {
  if (countReceived(ctx.store, header, at) !== "reused") return;
  const { from, id, mesh, n } = header;
  addNotice(ctx.store, {
    mesh,
    key: `counter:${from.member}:${id}`,
    code: "counter_reused",
    text: `${senderName(ctx, scope, from.member)} used the counter ${n} twice: its home may have been copied`,
    at,
  });
}

interface Outcome {
  readonly verdict: Verdict;
  readonly passed: Passed;
  readonly at: number;
}

/** Writes the story, and the receipts that its sender is due. */
function tellOf(ctx: DeviceContext, scope: FeedScope, good: Good, outcome: Outcome): void {
  const { header, digest, body } = good;
  const { mesh, id, from } = header;
  const { verdict, passed, at } = outcome;
  const { store } = ctx;
  const sender = from.member;
  const isShared = audienceOfMany(header.to) !== null;
  const isOwn = sender === scope.row.member && isShared;
  const say = (what: string) => tell(store, mesh, id, { at, what, sender });
  const owe = (state: "held" | "refused" | "stored", reason: string | null) => {
    const session = sessionOf(header.to) ?? null;
    const due = { mesh, sender, message: id, digest, way: null, session, at };
    if (!isOwn) addDue(store, { ...due, state, reason });
  };
  if (body === undefined) {
    say("was given up by its sender");
  } else if (passed === "absent") {
    say("stored here and shown as history only: you were not in the mesh when it was written");
  } else if (passed === "hidden") {
    say("stored here and shown to nobody: you are hidden");
  } else if (verdict.take === "refuse") {
    say(`refused here: ${reasonInWords(verdict.reason)}`);
    owe("refused", verdict.reason);
  } else if (passed === undefined) {
    say("verified, opened and stored here");
    owe("stored", null);
  }
  if (body === undefined || passed !== undefined || verdict.take !== "hold") return;
  say(`held here: ${reasonInWords(verdict.reason)}`);
  owe("held", verdict.reason);
  if (verdict.reason !== "loop_limit") return;
  stopLoop(ctx, scope.row, { thread: header.thread ?? id, isSeen: isShared });
}
