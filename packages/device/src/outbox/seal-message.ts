import {
  envelopeDigest,
  type KeyRing,
  sealDirect,
  sealShared,
  voidEnvelope,
} from "@claudemesh/crypto";
import {
  type Envelope,
  type EnvelopeHeader,
  limits,
  MeshError,
  topicOf,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { ringOf } from "../keys/ring-of.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { drawCounter, type OutboxRow, outboxRow } from "../store/outbox-rows.ts";
import { tell } from "../store/story.ts";
import { audienceFor, awaitingKey, isForMany, newestKey, sealKeyFor } from "./seal-target.ts";

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
    // Without the key it is sealed later; a key changes nothing about its size.
    if (error instanceof MeshError && lacksKey(error)) return;
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

/**
 * Seals again, with the same id and counter, what was accepted once and is stale at a broker that goes on from a backup. Receipts may speak of either seal. Throws `no_recipient`, and `unavailable`
 * where the newest key is not here.
 */
export function sealedAgain(ctx: DeviceContext, row: MembershipRow, message: OutboxRow): Envelope {
  return ctx.store.write(() => {
    const n = message.n ?? 1;
    if (message.ends_as !== null) return givenUp(ctx, row, message, n);
    ctx.store.run(
      "UPDATE outbox SET digest_before = coalesce(digest_before, digest) WHERE id = ?",
      message.id,
    );
    const what = "sealed again for the broker, which goes on from a backup";
    tell(ctx.store, row.mesh, message.id, { at: ctx.now(), what });
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
  const { signer } = ctx.secretOf(row);
  const { random } = ctx;
  const header = headerOf(ctx, row, message, n, message.kind);
  const body = {
    text: message.text,
    ...(message.subtype === null ? {} : { subtype: message.subtype }),
  };
  if (isForMany(message)) {
    const ring = ringOf(ctx, row.mesh);
    if (!holdsKey(header, ring) || isKeyDue(ctx, row, header)) {
      throw new MeshError("unavailable", "the newest key has not come here yet", {
        detail: { reason: awaitingKey },
      });
    }
    return sealShared({ header, body, ring, signer, random });
  }
  const to = sealKeyFor(ctx, row, message);
  if (to === undefined) {
    throw new MeshError("no_recipient", "the recipient has left the mesh");
  }
  return sealDirect({ header, body, to, signer, random });
}

const holdsKey = ({ keyVersion = 0, kind, to }: EnvelopeHeader, ring: KeyRing): boolean => {
  const topic = topicOf(to);
  return kind === "private_topic" && topic !== undefined
    ? ring.topicKey(topic, keyVersion) !== undefined
    : ring.epochKey(keyVersion) !== undefined;
};

/** Whether someone who has the newest key of a private topic is in it no more: nothing is sealed under that one. */
const isKeyDue = (ctx: DeviceContext, { mesh }: MembershipRow, { to }: EnvelopeHeader): boolean => {
  const topic = topicOf(to);
  return topic !== undefined && (ctx.rosters.of(mesh).topics.get(topic)?.isKeyDue ?? false);
};

/** Whether a message could not be sealed since its newest key is not here yet. */
export const lacksKey = (error: MeshError): boolean => error.detail?.reason === awaitingKey;

function headerOf(
  ctx: DeviceContext,
  row: MembershipRow,
  message: OutboxRow,
  n: number,
  kind: OutboxRow["kind"] | "void",
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
    ...(isForMany(message) && kind !== "void" ? { keyVersion: newestKey(ctx, row, message) } : {}),
    contentType: "application/json",
    ...(message.reply_to === null ? {} : { replyTo: message.reply_to }),
    ...(message.thread === null ? {} : { thread: message.thread }),
    ...(message.hop === null ? {} : { hop: message.hop }),
    ...(message.since === null ? {} : { since: message.since }),
    ...(message.intent === null ? {} : { intent: message.intent }),
    ...(message.mentions === null ? {} : { mentions: JSON.parse(message.mentions) }),
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
