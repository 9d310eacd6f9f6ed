import type { Capability, Peer, Trust, WirePeer } from "@claudemesh/protocol";
import { keyHexOf, type NamedMember } from "../names/member-names.ts";
import type { MembershipRow } from "../store/memberships.ts";

export interface PeerView {
  readonly row: MembershipRow;
  readonly who: NamedMember;
  /** the time by the broker's clock, ms */
  readonly at: number;
  /** names of this machine, as this home's own sessions give them */
  readonly hosts: ReadonlySet<string>;
  /** how many sessions of the same member there are besides */
  readonly sharesKeyWith: number;
  readonly trust: Trust;
  /** what its member may do to this one, where this one said anything about that */
  readonly grants?: readonly Capability[] | undefined;
}

/** A verified peer under its member's verified name. */
export function showPeer(peer: WirePeer, view: PeerView): Peer {
  const { row, who, at, hosts, sharesKeyWith, trust, grants } = view;
  const { session } = peer;
  const info = session?.info;
  const memberKey = who.keyHex.slice(0, 16);
  const status = info?.status ?? peer.status;
  const summary = info?.summary ?? peer.summary;
  const fields = who.profile?.fields;
  const isLocal = peer.device === row.device || (info?.host !== undefined && hosts.has(info.host));
  return {
    member: peer.member,
    name: peer.key?.name ?? who.name,
    ...(peer.key === undefined ? {} : { apiKey: peer.key.id }),
    key: session ? keyHexOf(session.attestation.keys.sign).slice(0, 16) : memberKey,
    memberKey,
    ...(session ? { session: session.attestation.session } : {}),
    trust: peer.key === undefined ? trust : "unverified",
    self: peer.member === row.member,
    ...(grants === undefined ? {} : { grants: [...grants] }),
    type: peer.type,
    status: status?.status ?? "idle",
    ...(status ? { statusSource: status.source, statusAgeMs: Math.max(0, at - status.at) } : {}),
    ...(summary === undefined ? {} : { summary }),
    groups: fields?.groups ?? [],
    ...(fields?.roleTag === undefined ? {} : { roleTag: fields.roleTag }),
    tags: info?.tags ?? [],
    ...(info?.agent === undefined ? {} : { agent: info.agent }),
    ...(info?.model === undefined ? {} : { model: info.model }),
    ...(info?.cwd === undefined ? {} : { cwd: info.cwd }),
    host: isLocal ? "local" : "remote",
    ...(info?.host === undefined ? {} : { hostName: info.host }),
    connectedAt: peer.connectedAt,
    ...(info?.stats === undefined ? {} : { stats: info.stats }),
    via: peer.via ?? "socket",
    sharesKeyWith,
  };
}
