import { audienceOfGroup, everyone, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MeshLink } from "../../mesh-link/links.ts";
import { groupPath, groupsAmong, noGroup } from "../../names/groups.ts";
import { isCalled, type NamedMember, namedIn } from "../../names/member-names.ts";
import type { SharedTarget } from "../../outbox/target.ts";
import { hasSibling } from "../../sessions/who-is-here.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { lastSessionIn } from "../../store/session-rows.ts";
import { readyToPost } from "../../topics/ready-to-post.ts";
import { countsAreOld, refreshTopics } from "../../topics/refresh-topics.ts";
import { resolveTopic } from "../../topics/resolve-topic.ts";
import { refreshMembers } from "../refresh-members.ts";

/** Everyone in the mesh. Throws `no_recipient` where nobody else is in it. */
export async function everyoneTarget(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
): Promise<SharedTarget> {
  const others = () => [...namedIn(ctx, row.mesh).values()].filter(({ current }) => current);
  let found = others();
  if (isAlone(row, found) && link !== undefined) {
    await ctx.links.using(row, (open) => refreshMembers(ctx, row, open));
    found = others();
  }
  if (isAlone(row, found) && !hasOwnReader(ctx, row)) {
    throw new MeshError("no_recipient", "to: nobody else is in the mesh yet", {
      hint: "bring someone in with `claudemesh invite`",
      detail: { field: "to" },
    });
  }
  const members = withoutSelf(row, found);
  return { kind: "broadcast", name: everyone, audience: everyone, envelope: "broadcast", members };
}

/** The members of a group at any depth. Throws `no_recipient`, listing the groups that there are, where nobody else is in it. */
export async function groupTarget(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  typed: string,
): Promise<SharedTarget> {
  const group = groupPath(typed);
  const among = () => groupsAmong(namedIn(ctx, row.mesh).values());
  let groups = among();
  // Where no feed of this home keeps the profiles current, others may have come and gone.
  const isKept = row.feed_live === 1;
  if (link !== undefined && (!isKept || isAlone(row, groups.get(group) ?? []))) {
    await ctx.links.using(row, (open) => refreshMembers(ctx, row, open));
    groups = among();
  }
  const found = groups.get(group);
  if (found === undefined) {
    const isMember = isCalled(group, namedIn(ctx, row.mesh).values());
    throw noGroup(group, [...groups.keys()], isMember);
  }
  if (isAlone(row, found) && !hasOwnReader(ctx, row)) {
    const others = [...groups].filter(([, members]) => !isAlone(row, members));
    const known = others.map(([path]) => `@${path}`);
    const list = known.length === 0 ? "" : `; groups of others: ${known.join(", ")}`;
    throw new MeshError("no_recipient", `to: nobody else is in the group @${group}${list}`, {
      hint: "see who is in which: claudemesh group list",
      detail: { field: "to", groups: [...groups.keys()] },
    });
  }
  return {
    kind: "group",
    name: `@${group}`,
    audience: audienceOfGroup(group),
    envelope: "group",
    members: withoutSelf(row, found),
  };
}

/** Who is in a topic. Throws what `resolveTopic` throws. */
export async function topicTarget(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink | undefined,
  typed: string,
): Promise<SharedTarget> {
  // Who is removed from the mesh leaves its public topics, of which this home knows only a number.
  if (link !== undefined && countsAreOld(ctx, row)) {
    await ctx.links.using(row, (open) => refreshTopics(ctx, row, open));
  }
  const found = await readyToPost(ctx, row, await resolveTopic(ctx, row, typed));
  const { audience, envelope, members, role, row: topic } = found;
  const others = Math.max(0, members - (role === undefined ? 0 : 1));
  return { kind: "topic", name: `#${topic.name}`, audience, envelope, members: others };
}

const withoutSelf = ({ member }: MembershipRow, found: readonly NamedMember[]): number =>
  found.filter(({ id }) => id !== member).length;

const isAlone = (row: MembershipRow, found: readonly NamedMember[]): boolean =>
  withoutSelf(row, found) === 0;

/** Whether another agent session of this home's would be given what is sent. */
const hasOwnReader = (ctx: DeviceContext, { mesh }: MembershipRow): boolean =>
  hasSibling(
    ctx,
    mesh,
    ctx.agentSession === undefined
      ? undefined
      : lastSessionIn(ctx.store, mesh, ctx.agentSession)?.session,
  );
