import { limits, type MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { receivedSince } from "../store/inbox-rows.ts";
import { addDue, dropReceipts, receiptsOut } from "../store/receipt-rows.ts";

/** How many messages are receipted anew, the newest ones. */
const most = 1_000;

/** Has what was said of messages under the keys before said again under the new ones: who has seen the change takes no other. Part of the caller's transaction. */
export function sayAgain({ now, store }: DeviceContext, mesh: MeshId): void {
  const signed = receiptsOut(store, mesh, Number.MAX_SAFE_INTEGER);
  for (const { to: sender, at, state, items, ...receipt } of signed) {
    const { way = null, reason = null, session = null } = receipt;
    for (const { id: message, digest } of items) {
      addDue(store, { mesh, sender, message, digest, state, way, reason, session, at });
    }
  }
  dropReceipts(store, signed);
  const since = now() - limits.directTtlMs;
  for (const row of receivedSince(store, mesh, { since, most })) {
    const { sender, id: message, digest, to_session: session, handed_at: handed } = row;
    const one = { mesh, sender, message, digest, session, way: null, reason: null, at: now() };
    addDue(store, { ...one, state: "stored" });
    if (handed !== null) addDue(store, { ...one, state: "offered", way: row.handed_way });
  }
}
