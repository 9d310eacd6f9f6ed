import { safetyNumber } from "@claudemesh/crypto";
import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { putVerified } from "../../store/verified-rows.ts";
import { allowedTo } from "../../trust/keep-grants.ts";
import { trustMarks } from "../../trust/trust-marks.ts";
import { requirePerson } from "../guard/only-people.ts";
import { knownMembers } from "../known-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** Shows the number that both sides compare, from the newest keys that can be had; only with `confirm` they count as verified. */
export const verify: DeviceHandler<"member.verify"> = async (input, ctx) => {
  const { mesh, peer, confirm, withGrants } = input;
  if (confirm === true) requirePerson(ctx, "say that the numbers are the same");
  const row = targetMesh(ctx, mesh);
  const named = await knownMembers(ctx, row);
  const roster = ctx.rosters.of(row.mesh);
  const who = resolveRecipient(peer, [...named.values()], row.member);
  const mine = roster.members.get(row.member)?.keys;
  const theirs = roster.members.get(who.id)?.keys;
  if (mine === undefined || theirs === undefined) {
    throw new MeshError("internal", "peer: the roster has no keys for it");
  }
  if (confirm === true) {
    ctx.store.write(() =>
      putVerified(ctx.store, row.mesh, { member: who.id, keys: theirs, at: ctx.now() }),
    );
  }
  const { trust, verifiedAt, looksLike } = trustMarks(ctx.store, row.mesh, roster)(who.id);
  return {
    mesh: { id: row.mesh, slug: row.slug },
    member: who.id,
    name: who.name,
    key: who.keyHex.slice(0, 16),
    number: safetyNumber(row.mesh, mine, theirs),
    trust,
    ...(verifiedAt === undefined ? {} : { verifiedAt }),
    ...(withGrants === true ? { grants: [...allowedTo(ctx, row, who.id)] } : {}),
    ...(looksLike === undefined ? {} : { looksLike: named.get(looksLike)?.name ?? looksLike }),
  };
};
