import { MeshError } from "@claudemesh/protocol";
import type { DeviceHandler } from "../../handler.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { foldName } from "../../names/skeleton.ts";
import { dropAlias, putAlias } from "../../store/alias-rows.ts";
import { requirePerson } from "../guard/only-people.ts";
import { knownMembers } from "../known-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** Names a peer, or forgets the name. A name that a member bears is left to its bearer, so that an alias misleads nobody. */
export const set: DeviceHandler<"alias.set"> = async ({ mesh, alias, peer }, ctx) => {
  requirePerson(ctx, "change this home's names for peers");
  const row = targetMesh(ctx, mesh);
  const named = await knownMembers(ctx, row);
  const inMesh = { id: row.mesh, slug: row.slug };
  if (peer === undefined) {
    const gone = ctx.store.write(() => dropAlias(ctx.store, row.mesh, alias));
    if (gone === undefined) throw new MeshError("not_found", `alias: there is no ${alias} here`);
    const { name, member } = gone;
    const of = named.get(member)?.name ?? member;
    return { alias: name, mesh: inMesh, member, name: of, removed: true };
  }
  const who = resolveRecipient(peer, [...named.values()], row.member);
  const bearer = [...named.values()].find(
    ({ id, current, displayName }) =>
      current && id !== who.id && foldName(displayName ?? "") === foldName(alias),
  );
  if (bearer !== undefined) {
    throw new MeshError("exists", `alias: ${alias} is the name of another member`, {
      hint: "choose a name that nobody in the mesh bears",
    });
  }
  ctx.store.write(() =>
    putAlias(ctx.store, row.mesh, { name: alias, member: who.id, at: ctx.now() }),
  );
  return { alias, mesh: inMesh, member: who.id, name: who.name, removed: false };
};
