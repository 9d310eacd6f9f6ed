import type { KeyPlace } from "@claudemesh/crypto";
import type { Hash, MemberId, MeshId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { namedMembers } from "../names/member-names.ts";
import { keyAsked } from "../store/key-asked.ts";
import { addNotice } from "../store/notices.ts";

/** The notice that says that a key is missing here. */
export const lackingNotice = (commitment: Hash): string => `key_lacking:${commitment}`;

/** What is missing, who was asked for it, and what happens next, as a person reads it. */
export function lackingInWords(
  ctx: DeviceContext,
  mesh: MeshId,
  { commitment, place }: { readonly commitment: Hash; readonly place: KeyPlace },
): string {
  const what =
    "epoch" in place
      ? `the mesh key of epoch ${place.epoch}`
      : `version ${place.version} of a private topic's key`;
  const asked = keyAsked(ctx.store, mesh, commitment);
  const names = asked === undefined ? [] : nameAll(ctx, mesh, asked);
  const who =
    names.length > 0
      ? `asked ${names.join(", ")}`
      : asked === undefined
        ? "nobody was asked yet: the broker was not reached since"
        : "nobody who has it is connected; the first who comes is asked";
  return `${what} is not here; ${who}; what waits for it opens by itself when it comes`;
}

/** Tells the reader that a key is missing. Part of the caller's transaction. */
export function tellLacking(
  ctx: DeviceContext,
  mesh: MeshId,
  key: { readonly commitment: Hash; readonly place: KeyPlace },
): void {
  addNotice(ctx.store, {
    mesh,
    key: lackingNotice(key.commitment),
    code: "awaiting_key",
    text: lackingInWords(ctx, mesh, key),
    at: ctx.now(),
  });
}

function nameAll(ctx: DeviceContext, mesh: MeshId, members: readonly MemberId[]): string[] {
  const named = namedMembers(ctx.store, mesh, ctx.rosters.of(mesh));
  return members.map((id) => named.get(id)?.name ?? id.slice(0, 12));
}
