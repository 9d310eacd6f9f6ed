import { sha256, toHex, utf8 } from "@claudemesh/crypto";
import type { DeviceContext } from "../context.ts";
import {
  type AwaitingRow,
  addAwaiting,
  awaitingKeyNotice,
  awaitingNotice,
  type WaitsFor,
} from "../store/awaiting-rows.ts";
import { addNotice } from "../store/notices.ts";
import { tell } from "../store/story.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";
import { senderName } from "./refuse-message.ts";

/**
 * Keeps an envelope whose roster head is ahead of mine until the entries are here. Nothing in it is verified yet, so what waits under one name and in one mesh
 * is bounded; what is over that is told and passed.
 */
export function holdForRoster(ctx: DeviceContext, scope: FeedScope, event: MessageEvent): void {
  const { mesh } = scope.row;
  const { from, head } = event.body.header;
  const { store } = ctx;
  const at = ctx.now();
  store.write(() => {
    const isHeld = addAwaiting(store, waiting(scope, event, at, "roster")) !== "full";
    const why = `its sender knows roster entry ${head.seq}, which the broker does not give`;
    addNotice(store, {
      mesh,
      key: isHeld ? awaitingNotice(from.member) : `${awaitingNotice(from.member)}:full`,
      code: "awaiting_roster",
      text: isHeld
        ? `a message waits: ${why}`
        : `a message under the name of ${senderName(ctx, scope, from.member)} was passed over, since too many wait already: ${why}`,
      at,
    });
  });
}

/** Keeps an envelope that passed every check and whose key is not here yet. Its sender is a member whom the broker limits, so that more may wait than of what nobody checked. */
export function holdForKey(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
  keyVersion: number,
): void {
  const { mesh } = scope.row;
  const { id, from } = event.body.header;
  const { store } = ctx;
  const at = ctx.now();
  store.write(() => {
    const added = addAwaiting(store, waiting(scope, event, at, "key"));
    const isHeld = added !== "full";
    const name = senderName(ctx, scope, from.member);
    addNotice(store, {
      mesh,
      key: isHeld ? awaitingKeyNotice(from.member) : `${awaitingKeyNotice(from.member)}:full`,
      code: "awaiting_key",
      text: isHeld
        ? `a message from ${name} waits for key ${keyVersion}, which this device has not been given yet; it is opened when the key comes`
        : `a message from ${name} was passed over, since too many wait for a key already`,
      at,
    });
    if (added === "new") tell(store, mesh, id, { at, what: awaitingWords, sender: from.member });
  });
}

const awaitingWords = "verified, and kept until its key comes";

function waiting(
  { row: { mesh } }: FeedScope,
  { seq, body }: MessageEvent,
  at: number,
  reason: WaitsFor,
): AwaitingRow {
  const { from, head, id } = body.header;
  const text = JSON.stringify(body);
  // Over all of it: a copy with a spoilt signature must not stand for the true one.
  const hash = toHex(sha256(utf8(text)));
  return { mesh, sender: from.member, id, hash, seq, head_seq: head.seq, body: text, at, reason };
}
