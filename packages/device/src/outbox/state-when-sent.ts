import type { MessageState } from "@claudemesh/protocol";
import type { OutboxRow } from "../store/outbox-rows.ts";

/**
 * What a verb that sends answers: how far it brought the message itself. What readers' receipts add may be there already or come
 * a moment later, so that it is for `message.status` to say.
 */
export function stateWhenSent(sent: OutboxRow | undefined): MessageState {
  if (sent === undefined) return "queued";
  return sent.seq !== null && sent.ends_as === null ? "accepted" : sent.state;
}
