import {
  type Attestation,
  type MeshId,
  nouns,
  type SessionId,
  type WirePeer,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { syncRoster } from "../mesh-link/sync-roster.ts";
import { keyHexOf } from "../names/member-names.ts";
import { getAnswer } from "../store/answers.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { doubtPeer } from "./verify-peer.ts";

/** A session that its member attests, found by its key. */
export interface FoundSession {
  readonly id: SessionId;
  readonly attestation: Attestation;
  /** the signing key, 64 hex digits */
  readonly keyHex: string;
  readonly cwd: string | undefined;
}

const hexPrefix = /^[0-9a-f]{8,64}$/;

/** The sessions whose key begins with what was typed, each verified against its member's key: from the broker, or without one from the last peer list. */
export async function findSessions(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  typed: string,
): Promise<FoundSession[]> {
  const key = typed.trim().toLowerCase();
  if (!hexPrefix.test(key)) return [];
  const told = await ask(ctx, row, link, key);
  const at = Math.round(ctx.now() + (link?.clockAheadMs ?? 0));
  return told.flatMap((peer) => {
    if (peer.session === undefined) return [];
    const { attestation, info } = peer.session;
    const keyHex = keyHexOf(attestation.keys.sign);
    const isMeant = keyHex.startsWith(key) && doubtPeer(ctx, row, peer, { at }) === undefined;
    return isMeant ? [{ id: attestation.session, attestation, keyHex, cwd: info.cwd }] : [];
  });
}

async function ask(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  key: string,
): Promise<readonly WirePeer[]> {
  if (link === undefined) return kept(ctx, row.mesh);
  try {
    return await ctx.links.using(row, async ({ client }) => {
      const { items } = await client.peer.list({ key });
      // A session of a member that joined a moment ago is good only by the newest roster.
      if (items.length > 0) await syncRoster(ctx.rosters, row.mesh, client);
      return items;
    });
  } catch (error) {
    if (isUnreachable(error)) return kept(ctx, row.mesh);
    throw error;
  }
}

const kept = ({ store }: DeviceContext, mesh: MeshId): readonly WirePeer[] =>
  getAnswer<{ items: WirePeer[] }>(store, mesh, nouns.peer.list.name)?.answer.items ?? [];
