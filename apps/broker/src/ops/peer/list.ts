import type { WirePeer } from "@claudemesh/protocol";
import type { CallContext, Handler } from "../../handler.ts";
import { asPeer } from "../../sessions/live-session.ts";

/** what one look-up by key answers at most */
const mostFound = 50;

/** Visible sessions, the caller's member's too, the devices of others that have none, and API keys. By key: every session that is known, hidden or ended. */
export const list: Handler<"peer.list"> = async ({ key }, ctx) => {
  if (key !== undefined) return { items: await byKey(key, ctx) };
  const { actor, keyPresence, presence, roster, sessions } = ctx;
  const grants = await ctx.grants.of(actor.mesh);
  const shows = ({ member }: WirePeer) =>
    member === actor.member || grants.allowed(roster, member, actor.member).includes("read");
  const live = sessions.list(actor.mesh);
  const busy = new Set(live.map(({ device }) => device));
  const shown = live.filter(({ info }) => info.visible).map((session) => asPeer(session));
  const alone = presence
    .devices(actor.mesh)
    .filter(({ member, device }) => member !== actor.member && !busy.has(device));
  return { items: [...shown, ...alone, ...keyPresence.in(actor.mesh)].filter(shows) };
};

async function byKey(key: string, ctx: CallContext<"peer.list">): Promise<WirePeer[]> {
  const { actor, roster, sessions, store } = ctx;
  const rows = await store.read.sessionsByKey(actor.mesh, { key, at: ctx.now(), limit: mostFound });
  return rows
    .filter(({ attestation: { member, session } }) => {
      return roster.isMember(member) && !roster.isSessionRevoked(member, session);
    })
    .map(({ attestation, attachedAt, endedAt }) => {
      const held = sessions.find(actor.mesh, attestation.session);
      if (held !== undefined) return asPeer(held);
      const { member, device } = attestation;
      const info = {
        type: "ai",
        tags: [],
        visible: true,
        status: { status: "idle", source: "jsonl", at: attachedAt },
      } as const;
      const session = { attestation, info: { ...info, tags: [] }, live: false };
      return {
        member,
        device,
        type: info.type,
        connectedAt: attachedAt,
        session: { ...session, lastSeenAt: endedAt ?? attachedAt },
      };
    });
}
