import {
  type Audience,
  everyone,
  MeshError,
  memberOf,
  type OpenOutput,
  type ScheduleInfo,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { audienceName } from "../names/audience-name.ts";
import { namedIn } from "../names/member-names.ts";
import { recipient } from "../ops/message/recipient.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { resolveTopic } from "../topics/resolve-topic.ts";

/** Whom the broker is to tell, as it takes it: by ids that this device has verified, not by names. Undefined is this member itself. */
export async function jobTarget(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  typed: string | undefined,
): Promise<string | undefined> {
  const to = typed?.trim();
  if (to === undefined || to === "me") return undefined;
  if (to === everyone || to.startsWith("@")) return to;
  if (to.startsWith("#")) return (await resolveTopic(ctx, row, to)).row.topic;
  const target = await recipient(ctx, row, link, to);
  if (target.kind === "member" && target.session === undefined) return target.member;
  throw new MeshError("malformed", "to: the broker tells members, @groups, #topics or *", {
    detail: { field: "to" },
  });
}

/** As people write it. */
export function targetName(ctx: DeviceContext, row: MembershipRow, to: Audience): string {
  const member = memberOf(to);
  if (member === row.member) return "you";
  if (member !== undefined) return namedIn(ctx, row.mesh).get(member)?.name ?? member;
  return audienceName(ctx.store, row.mesh, to)?.written ?? to;
}

/** A schedule with whom it tells by name. */
export const namedSchedule = (
  ctx: DeviceContext,
  row: MembershipRow,
  { to, ...schedule }: ScheduleInfo,
): OpenOutput<"schedule.create"> => ({
  ...schedule,
  mesh: { id: row.mesh, slug: row.slug },
  ...(to === undefined ? {} : { to: targetName(ctx, row, to) }),
});
