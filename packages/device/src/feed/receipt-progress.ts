import type { MessageState } from "@claudemesh/protocol";
import type { OutboxRow } from "../store/outbox-rows.ts";

/** How far each state is; a receipt only ever moves a message forward, except from one reason to wait to the next. Once one device has handed it over, another's refusal changes nothing. */
export const receiptProgress: Readonly<Record<MessageState, number>> = {
  queued: 0,
  accepted: 1,
  expired: 1,
  void: 1,
  stored: 2,
  held: 3,
  refused: 4,
  undeliverable: 4,
  offered: 5,
  in_context: 6,
  answered: 7,
};

/** How far a receipt moves a message. One for a session is in the hands of one device: when that says that the session ended unseen, it knows more than when it handed it over. */
export const progressBy = (
  state: MessageState,
  { to_session }: Pick<OutboxRow, "to_session">,
): number =>
  state === "undeliverable" && to_session !== null
    ? receiptProgress.offered + 0.5
    : receiptProgress[state];
