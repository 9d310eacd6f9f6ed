import type { MeshId } from "@claudemesh/protocol";
import { requireClose } from "./rosters.ts";
import type { Store } from "./store/port.ts";

interface Context {
  readonly actor: { readonly mesh: MeshId };
  readonly now: () => number;
  readonly store: Pick<Store, "read">;
}

/** Whether a statement is older than the mesh's restore: its author may bring it again, as it was. */
export async function isFromBefore(at: number, { actor, store }: Context): Promise<boolean> {
  const restored = (await store.read.mesh(actor.mesh))?.restored;
  return restored !== undefined && at <= restored.at;
}

/** Throws `clock_skew` unless a statement's time is close to the broker's, or from before a restore. */
export async function requireTimely(at: number, ctx: Context): Promise<void> {
  try {
    requireClose(at, ctx.now());
  } catch (error) {
    if (!(await isFromBefore(at, ctx))) throw error;
  }
}
