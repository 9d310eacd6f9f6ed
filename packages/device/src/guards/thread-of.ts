import type { MemberId, MeshId, MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import { type Hops, hopsOf } from "./hops.ts";

interface Row {
  readonly id: MessageId;
  readonly thread: MessageId | null;
  readonly hop: number | null;
  readonly since: MessageId | null;
  readonly who: MemberId;
}

/** A message that another one answers, or that moved an agent to write. */
export interface Cause extends Hops {
  readonly thread: MessageId;
  /** its sender, or the recipient of a message of this home's */
  readonly who: MemberId;
}

/** The message of that id which came here, else the one sent from here; undefined when neither is known. */
export function causeOf(store: HomeStore, mesh: MeshId, id: MessageId): Cause | undefined {
  const row =
    store.get<Row>(
      "SELECT id, thread, hop, since, sender AS who FROM inbox WHERE mesh = ? AND id = ? ORDER BY position LIMIT 1",
      mesh,
      id,
    ) ??
    store.get<Row>(
      "SELECT id, thread, hop, since, recipient AS who FROM outbox WHERE mesh = ? AND id = ?",
      mesh,
      id,
    );
  return row && asCause(row);
}

/** The newest message of an agent that was handed over here since then: what an agent that answers nothing by name most likely acts upon. */
export function lastHanded(store: HomeStore, mesh: MeshId, after: number): Cause | undefined {
  const row = store.get<Row>(
    `SELECT id, thread, hop, since, sender AS who FROM inbox
     WHERE mesh = ? AND handed_at > ? AND kind NOT IN ('guard', 'void') AND guard IS NULL AND own = 0
     ORDER BY handed_at DESC, position DESC LIMIT 1`,
    mesh,
    after,
  );
  return row && asCause(row);
}

const asCause = ({ id, thread, hop, since, who }: Row): Cause => ({
  thread: thread ?? id,
  who,
  ...hopsOf({ id, hop: hop ?? undefined, since: since ?? undefined }),
});
