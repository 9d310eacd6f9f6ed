import { MeshError, nouns, type WirePeer } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { didYouMean } from "../../names/edit-distance.ts";
import { keyHexOf, namedIn } from "../../names/member-names.ts";
import type { MemberTarget, TagTarget } from "../../outbox/target.ts";
import { callersSessions } from "../../sessions/callers-sessions.ts";
import { doubtPeer } from "../../sessions/verify-peer.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { cachedRead } from "../cached-read.ts";
import { refreshMembers } from "../refresh-members.ts";

/** Each live session that bears a tag, by what its own device says; never the caller's. Throws `no_recipient`, listing the tags that there are. */
export async function tagTarget(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  tag: string,
): Promise<TagTarget> {
  const { answer } = await cachedRead(ctx, row, nouns.peer.list.name, async (open) => {
    const { items } = await open.client.peer.list({});
    await refreshMembers(ctx, row, open);
    return { items, aheadMs: open.clockAheadMs };
  });
  const at = Math.round(ctx.now() + (link?.clockAheadMs ?? answer.aheadMs));
  const own = new Set(callersSessions(ctx));
  const others = answer.items.filter(
    (peer) =>
      peer.session !== undefined &&
      !own.has(peer.session.attestation.session) &&
      doubtPeer(ctx, row, peer, { at }) === undefined,
  );
  const bearers = others.filter((peer) => tagsOf(peer).includes(tag));
  if (bearers.length === 0) throw noBearer(tag, others);
  return {
    kind: "tag",
    name: `tag:${tag}`,
    each: bearers.flatMap((peer) => asTarget(ctx, row, peer)),
  };
}

const tagsOf = ({ session }: WirePeer): readonly string[] => session?.info.tags ?? [];

function asTarget(ctx: DeviceContext, row: MembershipRow, { session }: WirePeer): MemberTarget[] {
  if (session === undefined) return [];
  const { attestation, info } = session;
  const { keys, member, session: id } = attestation;
  const name = namedIn(ctx, row.mesh).get(member)?.name ?? member;
  const found = { id, attestation, keyHex: keyHexOf(keys.sign), cwd: info.cwd };
  return [{ kind: "member", name, member, session: found }];
}

function noBearer(tag: string, others: readonly WirePeer[]): MeshError {
  const tags = [...new Set(others.flatMap(tagsOf))].sort();
  const known = tags.length === 0 ? "no session bears any tag" : `tags: ${tags.join(", ")}`;
  const near = didYouMean(tag, tags);
  return new MeshError("no_recipient", `to: no other session bears the tag ${tag}; ${known}`, {
    hint:
      near === undefined
        ? "see who bears which: claudemesh peer list"
        : `did you mean tag:${near}?`,
    detail: { field: "to", tags, ...(near === undefined ? {} : { didYouMean: near }) },
  });
}
