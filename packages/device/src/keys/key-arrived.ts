import type { MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { retryAwaiting } from "../feed/take-message.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { getMembership } from "../store/memberships.ts";

/** A key came that was not here: messages that waited for it to be sealed are due at once, and those that waited for it to be opened are taken in again. */
export async function keyArrived(ctx: DeviceContext, mesh: MeshId): Promise<void> {
  const { store } = ctx;
  const row = getMembership(store, mesh);
  if (row === undefined) return;
  store.write(() =>
    store.run(
      "UPDATE outbox SET not_before = 0 WHERE mesh = ? AND state = 'queued' AND reason = 'awaiting_key'",
      mesh,
    ),
  );
  const sync = () => ctx.links.using(row, ({ client }) => syncRoster(ctx.rosters, mesh, client));
  await retryAwaiting(ctx, { row, syncRoster: sync }, "key");
  ctx.wake.now();
}
