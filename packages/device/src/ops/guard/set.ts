import { releaseSender } from "../../guards/release.ts";
import type { DeviceHandler } from "../../handler.ts";
import { namedMembers } from "../../names/member-names.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { putSenderRule } from "../../store/guard-rows.ts";
import { targetMesh } from "../target-mesh.ts";
import { requirePerson } from "./only-people.ts";

/** Sets what happens to a sender's messages from now on; `accept` also shows what was held of them. */
export const set: DeviceHandler<"guard.set"> = async ({ mesh, peer, rule }, ctx) => {
  requirePerson(ctx, "change whom this home listens to");
  const row = targetMesh(ctx, mesh);
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  const { id: member, name } = resolveRecipient(peer, [...named.values()], row.member);
  const released = ctx.store.write(() => {
    putSenderRule(ctx.store, { mesh: row.mesh, member, rule, at: ctx.now() });
    return rule === "accept" ? releaseSender(ctx, row, member) : [];
  });
  return { mesh: { id: row.mesh, slug: row.slug }, member, name, rule, released };
};
