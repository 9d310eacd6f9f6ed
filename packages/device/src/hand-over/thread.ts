import type { MessageId } from "@claudemesh/protocol";
import { leaseOf } from "../store/hand-over-rows.ts";
import type { HomeStore } from "../store/home-store.ts";
import type { InboxRow } from "../store/inbox-rows.ts";

/** The first message of the thread that a received message belongs to: itself where it begins one. */
export const threadOf = ({ thread, id }: Pick<InboxRow, "thread" | "id">): MessageId =>
  thread ?? id;

/**
 * The agent session that last spoke in a message's thread: the one that wrote what it answers, else the last writer in the thread, else the one that has its lease.
 * Undefined when only people spoke.
 */
export function lastSpoke(store: HomeStore, row: InboxRow): string | undefined {
  const { mesh, reply_to: answered } = row;
  const thread = threadOf(row);
  const wrote = store.get<{ agent_session: string }>(
    `SELECT agent_session FROM outbox WHERE mesh = ? AND agent_session IS NOT NULL
       AND (id IN (?, ?) OR thread = ?) ORDER BY id = ? DESC, position DESC LIMIT 1`,
    mesh,
    answered,
    thread,
    thread,
    answered,
  );
  return wrote?.agent_session ?? leaseOf(store, mesh, thread)?.agent_session;
}
