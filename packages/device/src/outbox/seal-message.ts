import { envelopeDigest, sealDirect, voidEnvelope } from "@claudemesh/crypto";
import { type Envelope, type EnvelopeHeader, limits, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { drawCounter, type OutboxRow, outboxRow } from "../store/outbox-rows.ts";
import { tell } from "../store/story.ts";
import { audienceFor, sealKeyFor } from "./seal-target.ts";

/**
 * The envelope to hand to the broker: the same bytes every time once it was made. At the first hand-over the counter is drawn and the sealed bytes
 * are stored in one transaction. Throws `no_recipient` when the recipient is not a member any more.
 */
export function sealedMessage(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
): Envelope {
  return ctx.store.write(() => {
    const now = outboxRow(ctx.store, message.id);
    if (now?.envelope) return JSON.parse(now.envelope) as Envelope;
    const n = drawCounter(ctx.store, row.mesh, audienceFor(message));
    return keep(ctx, message, n, sealNow(ctx, row, message, n));
  });
}

/** Throws `too_large` for a message that would be over the limit once it is sealed; called before it is queued. */
export function requireFitting(ctx: DeviceContext, row: MembershipRow, message: OutboxRow): void {
  try {
    sealNow(ctx, row, message, 1);
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "too_large") throw error;
    const bytes = Buffer.byteLength(message.text);
    throw new MeshError(
      "too_large",
      `text: ${bytes} bytes are too many; a message holds ${limits.messageBytes} bytes with its seal`,
      { hint: "send it in parts", detail: { field: "text", bytes, most: limits.messageBytes } },
    );
  }
}

/** Seals again under the newest roster head, with the same id and counter; for a message that the broker answered with `roster_stale`. */
export function resealed(ctx: DeviceContext, row: MembershipRow, message: OutboxRow): Envelope {
  return ctx.store.write(() => {
    const n = outboxRow(ctx.store, message.id)?.n;
    if (n === null || n === undefined) return sealedMessage(ctx, row, message);
    tell(ctx.store, row.mesh, message.id, {
      at: ctx.now(),
      what: "sealed again under a newer roster",
    });
    return keep(ctx, message, n, sealNow(ctx, row, message, n));
  });
}

/** Replaces a message that is given up by its signed void: same id, same counter, no body. */
export function givenUp(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
  n: number,
): Envelope {
  const header = headerOf(ctx, row, message, n, "void");
  const envelope = voidEnvelope({ header, signer: ctx.secretOf(row).signer });
  // The digest stays the message's: if it was accepted after all, receipts speak of it.
  ctx.store.run(
    "UPDATE outbox SET envelope = ? WHERE id = ?",
    JSON.stringify(envelope),
    message.id,
  );
  return envelope;
}

function sealNow(ctx: DeviceContext, row: MembershipRow, message: OutboxRow, n: number): Envelope {
  const to = sealKeyFor(ctx, row, message);
  if (to === undefined) {
    throw new MeshError("no_recipient", "the recipient has left the mesh");
  }
  return sealDirect({
    header: headerOf(ctx, row, message, n, "direct"),
    body: { text: message.text, ...(message.subtype === null ? {} : { subtype: message.subtype }) },
    to,
    signer: ctx.secretOf(row).signer,
    random: ctx.random,
  });
}

function headerOf(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
  n: number,
  kind: "direct" | "void",
): EnvelopeHeader {
  return {
    v: 1,
    id: message.id,
    mesh: row.mesh,
    from: {
      member: row.member,
      device: row.device,
      ...(message.from_session === null ? {} : { session: message.from_session }),
    },
    to: audienceFor(message),
    priority: message.priority,
    kind,
    contentType: "application/json",
    ...(message.reply_to === null ? {} : { replyTo: message.reply_to }),
    ...(message.thread === null ? {} : { thread: message.thread }),
    ...(message.hop === null ? {} : { hop: message.hop }),
    ...(message.since === null ? {} : { since: message.since }),
    ...(message.intent === null ? {} : { intent: message.intent }),
    ...(message.lease === null ? {} : { lease: message.lease }),
    createdAt: message.created_at,
    head: ctx.rosters.of(row.mesh).head,
    n,
  };
}

function keep(ctx: DeviceContext, message: OutboxRow, n: number, envelope: Envelope): Envelope {
  ctx.store.run(
    "UPDATE outbox SET n = ?, envelope = ?, digest = ? WHERE id = ?",
    n,
    JSON.stringify(envelope),
    envelopeDigest(envelope),
    message.id,
  );
  return envelope;
}
