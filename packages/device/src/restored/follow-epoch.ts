import { limits, type WelcomeFrame } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { sayAgain } from "../devices/say-again.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { beginEpoch, knowsEpoch } from "../store/new-epoch.ts";
import { addNotice } from "../store/notices.ts";

const dayMs = 24 * 3_600_000;

/**
 * A log with another epoch than the one known here goes on from a backup: what the broker may have lost since is marked, to be handed over again, and what senders were told
 * lately is told once more.
 */
export function followEpoch(
  ctx: DeviceContext,
  row: MembershipRow,
  { position: { epoch }, restored }: WelcomeFrame,
): void {
  const { store } = ctx;
  const { mesh } = row;
  if (store.write(() => knowsEpoch(store, mesh, epoch))) return;
  const now = ctx.now();
  const { retentionDays } = ctx.rosters.of(mesh).policy;
  const shared = now - limits.sharedTtlMs;
  const since = {
    direct: now - limits.directTtlMs,
    shared,
    topic: Math.min(shared, now - retentionDays * dayMs),
  };
  store.write(() => {
    beginEpoch(store, mesh, { epoch, base: restored?.base ?? 0, since });
    sayAgain(ctx, mesh);
    if (restored?.confirmed === false) askOwner(ctx, row, epoch);
  });
  ctx.log(
    "info",
    `the broker of ${mesh.slice(0, 13)} goes on from a backup: it is given what it may lack`,
  );
}

/** Whoever may confirm a restored roster is told so, once. */
function askOwner(ctx: DeviceContext, { mesh, member, slug }: MembershipRow, epoch: string): void {
  if (ctx.rosters.of(mesh).members.get(member)?.role !== "owner") return;
  addNotice(ctx.store, {
    mesh,
    key: `restored:${epoch}`,
    code: "log_mismatch",
    text: `the broker of ${slug} was restored from a backup: once the devices of its admins have been online, confirm what its roster is now with: claudemesh mesh confirm`,
    at: ctx.now(),
  });
}
