import { type Envelope, type ErrorCode, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { lacksKey, sealedAgain } from "../outbox/seal-message.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { endRepeat, nextRepeated, postponeRepeat } from "../store/new-epoch.ts";
import type { OutboxRow } from "../store/outbox-rows.ts";
import { tell } from "../store/story.ts";

const callMs = 30_000;
/** How often a message is tried whose topic, group or recipient the broker does not know: others may yet bring that back. */
const mostTries = 20;

/** What the broker says while it lacks what a message stands on, and for good where nobody has that any more. */
const forNow: ReadonlySet<ErrorCode> = new Set(["forbidden", "no_recipient", "not_found"]);

/**
 * Hands over again, byte for byte and in their order, the messages that a restored broker may lack; those that it still has it recognises. Goes on until `deadline`; what is
 * left then, or when the line breaks, stays marked. Throws what makes the connection unusable.
 */
export async function repeatAccepted(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  deadline: number,
): Promise<void> {
  for (let after = 0; ctx.now() < deadline; ) {
    const message = nextRepeated(ctx.store, row.mesh, after);
    if (message === undefined) return;
    after = message.position;
    await repeatOne(ctx, row, link, message, deadline);
  }
}

async function repeatOne(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  message: OutboxRow,
  deadline: number,
): Promise<void> {
  let envelope = JSON.parse(message.envelope ?? "null") as Envelope;
  for (let reseals = 0; ; ) {
    try {
      const { seq, repeated } = await link.client.message.send({ envelope }, { timeoutMs: callMs });
      return settleRepeated(ctx, message, seq, repeated);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      const pause = error.retryAfterMs ?? 100;
      if (error.code === "rate_limited" && ctx.now() + pause < deadline) {
        await new Promise<void>((resolve) => ctx.timer(pause, resolve));
        continue;
      }
      const isStale = error.code === "roster_stale" && reseals === 0;
      if (!isStale) return settleRefused(ctx, message, error);
      reseals += 1;
      // Who has it needs no other seal of it.
      if (message.audience === null && message.state !== "accepted") {
        return settleRepeated(ctx, message, message.seq, true);
      }
      await syncRoster(ctx.rosters, row.mesh, link.client);
      try {
        envelope = sealedAgain(ctx, row, message);
      } catch (why) {
        if (!(why instanceof MeshError)) throw why;
        return settleRefused(ctx, message, why);
      }
    }
  }
}

function settleRepeated(
  { now, store }: DeviceContext,
  { id, mesh }: OutboxRow,
  seq: number | null,
  isKnown: boolean,
): void {
  store.write(() => {
    endRepeat(store, id, seq);
    if (isKnown) return;
    const what = `accepted again, as entry ${seq}, by the broker, which goes on from a backup`;
    tell(store, mesh, id, { at: now(), what, by: "broker, unverified" });
  });
}

/** Ends the repeating of what the broker will never take, and leaves what it may yet take. Throws what is not about the message. */
function settleRefused({ now, store }: DeviceContext, message: OutboxRow, error: MeshError): void {
  const { id, mesh } = message;
  const mayPass = forNow.has(error.code) || lacksKey(error);
  if (!mayPass && (isUnreachable(error) || error.row.retry === "later")) throw error;
  store.write(() => {
    if (mayPass && postponeRepeat(store, id) < mostTries) return;
    endRepeat(store, id, null);
    // The broker has it under this id, sealed otherwise by another process of this home.
    if (error.code === "conflict") return;
    const at = now();
    const what = `not accepted again by the broker, which goes on from a backup: ${error.message}`;
    tell(store, mesh, id, { at, what, by: "broker, unverified" });
    store.run(
      `UPDATE outbox SET state = 'undeliverable', reason = ?, updated_at = ?
       WHERE id = ? AND state = 'accepted'
         AND NOT EXISTS (SELECT 1 FROM outbox_reader WHERE message = outbox.id)`,
      ...[error.message, at, id],
    );
  });
}
