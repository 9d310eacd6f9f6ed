import { sha256, toHex, utf8 } from "@claudemesh/crypto";
import type { DeviceContext } from "../context.ts";
import { addAwaiting, awaitingKey } from "../store/awaiting-rows.ts";
import { addNotice } from "../store/notices.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";
import { senderName } from "./refuse-message.ts";

/**
 * Keeps an envelope whose roster head is ahead of mine until the entries are here. Nothing in it is verified yet, so what waits under one name and in one mesh
 * is bounded; what is over that is told and passed.
 */
export function hold(ctx: DeviceContext, scope: FeedScope, { seq, body }: MessageEvent): void {
  const { mesh } = scope.row;
  const { id, from, head } = body.header;
  const { store } = ctx;
  const at = ctx.now();
  const text = JSON.stringify(body);
  // Over all of it: a copy with a spoilt signature must not stand for the true one.
  const hash = toHex(sha256(utf8(text)));
  store.write(() => {
    const row = { mesh, sender: from.member, id, hash, seq, head_seq: head.seq, body: text, at };
    const isHeld = addAwaiting(store, row);
    const why = `its sender knows roster entry ${head.seq}, which the broker does not give`;
    addNotice(store, {
      mesh,
      key: isHeld ? awaitingKey(from.member) : `${awaitingKey(from.member)}:full`,
      code: "awaiting_roster",
      text: isHeld
        ? `a message waits: ${why}`
        : `a message under the name of ${senderName(ctx, scope, from.member)} was passed over, since too many wait already: ${why}`,
      at,
    });
  });
}
