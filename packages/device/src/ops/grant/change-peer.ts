import { type Capability, capabilities } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { changeGrants } from "../../trust/change-grants.ts";
import { allowedTo } from "../../trust/keep-grants.ts";
import { requirePerson } from "../guard/only-people.ts";
import { knownMembers } from "../known-members.ts";
import { targetMesh } from "../target-mesh.ts";

/** Gives a peer a rule of its own, or none with `undefined`; answers what holds for it then. */
export async function changePeer(
  ctx: DeviceContext,
  input: { readonly mesh?: string | undefined; readonly peer: string },
  next: (allowed: readonly Capability[]) => readonly Capability[] | undefined,
) {
  requirePerson(ctx, "change what peers may do to you");
  const row = targetMesh(ctx, input.mesh);
  const named = await knownMembers(ctx, row);
  const { id: member, name } = resolveRecipient(input.peer, [...named.values()], row.member);
  await changeGrants(ctx, row, ({ defaults, rules }) => {
    const wished = next(allowedTo(ctx, row, member));
    const others = rules.filter((rule) => rule.member !== member);
    const own = capabilities.filter((one) => wished?.includes(one));
    return {
      defaults,
      rules: wished === undefined ? others : [...others, { member, capabilities: own }],
    };
  });
  const allowed = [...allowedTo(ctx, row, member)];
  return {
    mesh: { id: row.mesh, slug: row.slug },
    member,
    name,
    capabilities: allowed,
    blocked: allowed.length === 0,
  };
}
