import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import { namedMembers } from "../../names/member-names.ts";
import { resolveRecipient } from "../../names/resolve-recipient.ts";
import { listMemberships, type MembershipRow } from "../../store/memberships.ts";

/**
 * Where nobody of that name is in the mesh that was used last: the same error, naming that mesh, and in `detail.elsewhere` the one other mesh of this home
 * that knows the name. Any other error comes back as it is.
 */
export function withOtherMesh(
  ctx: DeviceContext,
  row: MembershipRow,
  to: string,
  error: unknown,
): unknown {
  if (!(error instanceof MeshError) || error.code !== "no_recipient") return error;
  const others = listMemberships(ctx.store).filter(({ mesh }) => mesh !== row.mesh);
  if (others.length === 0) return error;
  const [found, second] = others.filter((other) => isIn(ctx, other, to));
  const elsewhere = second === undefined ? found?.slug : undefined;
  return new MeshError(
    "no_recipient",
    error.message.replace("in the mesh", `in ${row.slug}, the mesh used last`),
    {
      hint:
        elsewhere === undefined
          ? "name another mesh with --mesh <slug>"
          : `add --mesh ${elsewhere}`,
      detail: { ...error.detail, ...(elsewhere === undefined ? {} : { elsewhere }) },
      cause: error,
    },
  );
}

function isIn(ctx: DeviceContext, row: MembershipRow, to: string): boolean {
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  try {
    resolveRecipient(to, [...named.values()], row.member);
    return true;
  } catch (error) {
    if (error instanceof MeshError) return false;
    throw error;
  }
}
