import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { type NamedMember, namedMembers } from "../../names/member-names.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { callersSessions } from "../../sessions/callers-sessions.ts";
import { type FoundSession, findSessions } from "../../sessions/find-sessions.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { refreshMembers } from "../refresh-members.ts";

/** Whom a message is for: a member, and one of its sessions where that was named. */
export interface Recipient {
  readonly member: NamedMember;
  readonly session?: FoundSession;
}

/**
 * Resolves by what is known here, and asks the broker for news before saying that there is nobody. What fits a session's key and anything else besides is ambiguous. Throws
 * `no_recipient`, `ambiguous`, `malformed` for oneself.
 */
export async function recipient(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  to: string,
): Promise<Recipient> {
  const sessions = await findSessions(ctx, row, link, to);
  if (sessions.length === 0) return { member: await member(ctx, row, link, to) };
  const named = everyone(ctx, row);
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
  return { member: who, session };
}

async function member(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  to: string,
): Promise<NamedMember> {
  const resolve = () => resolveRecipient(to, [...everyone(ctx, row).values()], row.member);
  try {
    return resolve();
  } catch (error) {
    const isUnknown = error instanceof MeshError && error.code === "no_recipient";
    if (!isUnknown || link === undefined) throw error;
    await ctx.links.using(row, (open) => refreshMembers(ctx, row, open));
    return resolve();
  }
}

const everyone = (ctx: DeviceContext, row: MembershipRow) =>
  namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));

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
