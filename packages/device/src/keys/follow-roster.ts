import { MeshError, type RosterEntry } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { FeedScope } from "../feed/feed-scope.ts";
import { senderName } from "../feed/refuse-message.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice, dropNotice } from "../store/notices.ts";
import { fetchKeys } from "./fetch-keys.ts";
import { keepMeshKeys, lookForDevices, serveMeshKeys } from "./keep-keys.ts";
import { staleHead } from "./renew-invites.ts";

const keyed: ReadonlySet<RosterEntry["type"]> = new Set([
  "epoch",
  "rekey",
  "remove",
  "restore",
  "topic_add",
  "topic_key",
  "topic_remove",
]);

/** What a roster entry asks of the keys: the new one is fetched, and what this device owes others is done beside the feed, where it is news or the newest. */
export async function followRosterEntry(
  ctx: DeviceContext,
  scope: FeedScope,
  entry: RosterEntry,
  isNews: boolean,
): Promise<void> {
  const { link, row } = scope;
  // A mesh that many join moves on without a new key.
  if (isNews && entry.seq % staleHead === 0 && link) keepMeshKeys(ctx, row.mesh, link);
  if (!keyed.has(entry.type)) return;
  tellLeft(ctx, scope, entry);
  const roster = ctx.rosters.of(row.mesh);
  if (link === undefined || !roster.isMember(row.member)) return;
  await fetchKeysQuietly(ctx, row, link);
  if (isNews || roster.head.seq === entry.seq) keepMeshKeys(ctx, row.mesh, link);
}

/** A feed is current: this device does what it owes others. */
export function settleKeys(ctx: DeviceContext, { mesh }: MembershipRow, link: MeshLink): void {
  keepMeshKeys(ctx, mesh, link);
  lookForDevices(ctx, mesh, link);
  const roster = ctx.rosters.of(mesh);
  if (roster.epochs.length > 1 || roster.topics.size > 0) serveMeshKeys(ctx, mesh, link);
}

/** Fetches what is missing; a key that cannot be had is no reason to do without the feed. */
export async function fetchKeysQuietly(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
): Promise<void> {
  try {
    await fetchKeys(ctx, row, link);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    if (!isUnreachable(error)) ctx.log("warn", `keys could not be fetched: ${error.message}`);
  }
}

/** Says that one who left by itself still has the mesh key, until the next one is there. */
function tellLeft(ctx: DeviceContext, scope: FeedScope, entry: RosterEntry): void {
  const { mesh } = scope.row;
  const key = "epoch_due";
  ctx.store.write(() => {
    if (!ctx.rosters.of(mesh).isEpochDue) {
      dropNotice(ctx.store, mesh, key);
      return;
    }
    if (entry.type !== "remove" || entry.body.epoch !== undefined) return;
    const name = senderName(ctx, scope, entry.body.member);
    addNotice(ctx.store, {
      mesh,
      key,
      code: "roster_stale",
      text: `${name} has left: a former member may still read what is sent to many, until the device of an owner or admin has changed the mesh's key`,
      at: ctx.now(),
    });
  });
}
