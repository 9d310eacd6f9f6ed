import type { DeviceHandler } from "../../handler.ts";
import { listMemberships } from "../../store/memberships.ts";
import { describeMembership } from "../describe-membership.ts";

/** Answers from this home alone. */
export const list: DeviceHandler<"mesh.list"> = async (_input, ctx) => ({
  items: listMemberships(ctx.store).map((row) => describeMembership(ctx, row)),
});
