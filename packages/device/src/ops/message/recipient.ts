import { everyone, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { type NamedMember, namedIn } from "../../names/member-names.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import type { MemberTarget, Target } from "../../outbox/target.ts";
import { callersSessions } from "../../sessions/callers-sessions.ts";
import { type FoundSession, findSessions } from "../../sessions/find-sessions.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { refreshMembers } from "../refresh-members.ts";
import { everyoneTarget, groupTarget, topicTarget } from "./shared-recipient.ts";
import { tagTarget } from "./tag-recipient.ts";

/**
 * Whom `to` names: everyone (`*`), a group (`@path`), a topic (`#name`), the bearers of a tag (`tag:<tag>`), or a member or one of its sessions. Resolves by what is known here, and
 * asks the broker for news before saying that there is nobody. Throws `no_recipient`, `ambiguous`, `malformed` for oneself.
 */
export async function recipient(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  typed: string,
): Promise<Target> {
  const to = typed.trim();
  if (to === everyone) return everyoneTarget(ctx, row, link);
  if (to.startsWith("@")) return groupTarget(ctx, row, link, to);
  if (to.startsWith("#")) return topicTarget(ctx, row, link, to);
  if (to.startsWith("tag:")) return tagTarget(ctx, row, link, to.slice("tag:".length));
  return oneTarget(ctx, row, link, to);
}

/** A member, or the session that a key names; what fits a session's key and anything else besides is ambiguous. */
async function oneTarget(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  to: string,
): Promise<MemberTarget> {
  const sessions = await findSessions(ctx, row, link, to);
  if (sessions.length === 0) return asTarget(await member(ctx, row, link, to));
  const named = namedIn(ctx, row.mesh);
  const byName = memberOr(() => resolveRecipient(to, [...named.values()], row.member));
  const [session, ...more] = sessions;
  const who = session && named.get(session.attestation.member);
  if (session === undefined || who === undefined || more.length > 0 || byName !== "nobody") {
    throw ambiguous(to, sessions, named);
  }
  if (callersSessions(ctx).includes(session.id)) {
    throw new MeshError("malformed", "to: that is this session; a message goes to another", {
      detail: { field: "to" },
    });
  }
  return { ...asTarget(who), session };
}

const asTarget = ({ id, name }: NamedMember): MemberTarget => ({
  kind: "member",
  name,
  member: id,
});

async function member(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  to: string,
): Promise<NamedMember> {
  const resolve = () => resolveRecipient(to, [...namedIn(ctx, row.mesh).values()], row.member);
  try {
    return resolve();
  } catch (error) {
    const isUnknown = error instanceof MeshError && error.code === "no_recipient";
    if (!isUnknown || link === undefined) throw error;
    await ctx.links.using(row, (open) => refreshMembers(ctx, row, open));
    return resolve();
  }
}

/** What `resolve` finds besides; several are one thing too many as well. */
function memberOr(resolve: () => NamedMember): NamedMember | "several" | "nobody" {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return error.code === "no_recipient" ? "nobody" : "several";
  }
}

function ambiguous(
  to: string,
  sessions: readonly FoundSession[],
  named: ReadonlyMap<string, NamedMember>,
): MeshError {
  const candidates = sessions.map(({ attestation, cwd, id, keyHex }) => ({
    session: id,
    member: attestation.member,
    name: named.get(attestation.member)?.name ?? attestation.member,
    key: keyHex.slice(0, 16),
    ...(cwd === undefined ? {} : { cwd }),
  }));
  const list = candidates.map(({ name, key, cwd }) => [name, key, cwd].filter(Boolean).join(" "));
  return new MeshError("ambiguous", `to: ${to} fits more than one: ${list.join(", ")}`, {
    hint: "name one by more digits of its key",
    detail: { candidates },
  });
}
