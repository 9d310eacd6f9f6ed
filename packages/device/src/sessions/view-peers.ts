import { capabilitiesOf, type Peer, type WirePeer } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { namedMembers } from "../names/member-names.ts";
import { liveAgentSessions } from "../store/agent-session-rows.ts";
import { ownGrants } from "../store/grants-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { trustMarks } from "../trust/trust-marks.ts";
import { callersSessions } from "./callers-sessions.ts";
import { showPeer } from "./show-peer.ts";
import { isGenuine, type PeerCheck } from "./verify-peer.ts";

/** What the broker tells of peers as this device shows it: verified, named, without the caller's own session and own devices. */
export function viewPeers(
  ctx: DeviceContext,
  row: MembershipRow,
  told: readonly WirePeer[],
  check: PeerCheck,
): Peer[] {
  const roster = ctx.rosters.of(row.mesh);
  const named = namedMembers(ctx.store, row.mesh, roster);
  const marks = trustMarks(ctx.store, row.mesh, roster);
  const said = ownGrants(ctx.store, row.mesh);
  const hosts = new Set(liveAgentSessions(ctx.store).map(({ host }) => host));
  const own = new Set(callersSessions(ctx));
  const genuine = told.filter((peer) => isGenuine(ctx, row, peer, check));
  const others = genuine.filter(({ key, member, session }) =>
    session === undefined
      ? key !== undefined || member !== row.member
      : !own.has(session.attestation.session),
  );
  return others.flatMap((peer) => {
    const who = named.get(peer.member);
    if (who === undefined) return [];
    const sharing = genuine.filter(
      ({ member, session }) => member === peer.member && session !== undefined,
    ).length;
    const sharesKeyWith = peer.session === undefined ? sharing : sharing - 1;
    return [
      showPeer(peer, {
        row,
        who,
        at: check.at,
        hosts,
        sharesKeyWith,
        trust: marks(peer.member).trust,
        grants:
          said &&
          capabilitiesOf(said, peer.member, roster.members.get(peer.member)?.role, roster.policy),
      }),
    ];
  });
}
