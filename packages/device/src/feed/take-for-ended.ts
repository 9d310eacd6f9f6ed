import { compareHead } from "@claudemesh/crypto";
import { Envelope, MeshError, malformed, sessionOf } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { sessionGone } from "../sessions/end-session.ts";
import { inboxRow } from "../store/inbox-rows.ts";
import { addDue } from "../store/receipt-rows.ts";
import { tell } from "../store/story.ts";
import type { FeedScope, MessageEvent } from "./feed-scope.ts";
import { holdForRoster } from "./hold-message.ts";
import { refuse, signedDigest } from "./refuse-message.ts";

/**
 * A message for a session of this home that has ended: nobody can open it any more. Where its sender did sign it, the sender is told `undeliverable`, signed; anything else
 * is refused as it would be otherwise.
 */
export async function takeForEnded(
  ctx: DeviceContext,
  scope: FeedScope,
  event: MessageEvent,
): Promise<void> {
  const { store } = ctx;
  const { mesh } = scope.row;
  const parsed = Envelope.safeParse(event.body);
  if (!parsed.success) return refuse(ctx, scope, event, malformed(parsed.error, "envelope"));
  const envelope = parsed.data;
  const { header } = envelope;
  const isAhead = () => compareHead(ctx.rosters.of(mesh), header.head) === "ahead";
  if (isAhead()) await scope.syncRoster();
  if (isAhead()) return holdForRoster(ctx, scope, event);
  // What came while the session lived and comes once more has been answered for.
  if (inboxRow(store, mesh, header.from.member, header.id) !== undefined) return;
  const digest = header.mesh === mesh && signedDigest(ctx, scope, envelope);
  if (!digest) {
    const forged = new MeshError(
      "bad_signature",
      "it is for a session that has ended, and unproved",
    );
    return refuse(ctx, scope, event, forged);
  }
  if (header.kind === "void") return;
  const sender = header.from.member;
  const at = ctx.now();
  store.write(() => {
    const what = "undeliverable: the session that it was for has ended";
    tell(store, mesh, header.id, { at, what, sender });
    addDue(store, {
      mesh,
      sender,
      message: header.id,
      digest,
      state: "undeliverable",
      way: null,
      reason: sessionGone,
      session: sessionOf(header.to) ?? null,
      at,
    });
  });
}
