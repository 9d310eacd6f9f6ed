import { type Received, receiveEnvelope } from "@claudemesh/crypto";
import {
  type Envelope,
  type EnvelopeHeader,
  type Hash,
  MeshError,
  type MessageBody,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { dropAwaiting, readyAwaiting } from "../store/awaiting-rows.ts";
import { addInbox, inboxRow } from "../store/inbox-rows.ts";
import { addNotice } from "../store/notices.ts";
import { addDue } from "../store/receipt-rows.ts";
import { countReceived } from "../store/received-counters.ts";
import { tell } from "../store/story.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";
import { hold } from "./hold-message.ts";
import { refuse, senderName } from "./refuse-message.ts";

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
  let received = receive(ctx, scope, event);
  if (!(received instanceof MeshError) && received.result === "ahead") {
    await scope.syncRoster();
    received = receive(ctx, scope, event);
  }
  if (received instanceof MeshError) return refuse(ctx, scope, event, received);
  if (received.result === "ahead") return hold(ctx, scope, event);
  if (received.header.kind === "probe") return takeProbe(ctx, scope, received.header, pushed);
  accept(ctx, scope, event, received);
  ctx.wake.now();
}

function receive(
  ctx: DeviceContext,
  { row }: FeedScope,
  event: MessageEvent,
): Received | MeshError {
  const roster = ctx.rosters.of(row.mesh);
  const { opener } = ctx.secretOf(row);
  try {
    return receiveEnvelope(event.body, {
      roster,
      opener,
      self: { mesh: row.mesh, member: row.member },
    });
  } catch (error) {
    if (error instanceof MeshError) return error;
    throw error;
  }
}

type Good = { readonly header: EnvelopeHeader; readonly digest: Hash; readonly body?: MessageBody };

function accept(ctx: DeviceContext, scope: FeedScope, event: MessageEvent, good: Good): void {
  const { header, digest, body } = good;
  const { mesh, id, from } = header;
  const { store } = ctx;
  const at = ctx.now();
  store.write(() => {
    const known = inboxRow(store, mesh, from.member, id);
    if (known !== undefined) {
      if (known.digest === digest) return;
      const used = new MeshError("conflict", "its id was used before for something else");
      return refuse(ctx, scope, event, used);
    }
    const verdict = countReceived(store, header, at);
    addInbox(store, {
      mesh,
      sender: from.member,
      id,
      digest,
      kind: body === undefined ? "void" : "direct",
      text: body?.text ?? "",
      priority: header.priority,
      reply_to: header.replyTo ?? null,
      seq: event.seq,
      created_at: header.createdAt,
      received_at: at,
    });
    if (verdict === "reused") {
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
    tell(store, mesh, id, { at, what: "verified, opened and stored here", sender: from.member });
    addDue(store, {
      mesh,
      sender: from.member,
      message: id,
      digest,
      state: "stored",
      way: null,
      reason: null,
      at,
    });
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
