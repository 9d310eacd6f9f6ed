import type { Output } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { namedIn } from "../../names/member-names.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { topicName } from "../../topics/topic-name.ts";

/** A stream with names in place of ids. */
export function showStream(
  ctx: DeviceContext,
  { mesh }: MembershipRow,
  { name, topic, by, createdAt }: Output<"stream.create">,
) {
  return {
    name,
    ...(topic === undefined ? {} : { topic: topicName(ctx.store, mesh, topic) }),
    by: namedIn(ctx, mesh).get(by)?.name ?? by,
    createdAt,
  };
}
