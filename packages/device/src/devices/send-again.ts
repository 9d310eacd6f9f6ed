import type { MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { addOutbox, unstoredMessages } from "../store/outbox-rows.ts";
import { tell } from "../store/story.ts";

/**
 * Queues anew, under the new keys, what nobody has said to have: whoever sees the change of keys first cannot date it. Part of the caller's transaction; the
 * message before keeps its story.
 */
export function sendAgain(ctx: DeviceContext, mesh: MeshId): number {
  const at = ctx.now();
  const waiting = unstoredMessages(ctx.store, mesh);
  for (const message of waiting) {
    const id = ctx.ids.nextMessageId();
    addOutbox(ctx.store, { ...message, id, created_at: at });
    const was = `sent again as ${id}, since your keys were replaced before anyone had it`;
    tell(ctx.store, mesh, message.id, { at, what: was });
    const what = `written anew for ${message.id}, under your new keys`;
    tell(ctx.store, mesh, id, { at, what });
  }
  return waiting.length;
}
