import type { Handler } from "../../handler.ts";

/** One of the caller's own secrets, as ciphertext. */
export const get: Handler<"vault.get"> = async ({ key }, ctx) => {
  const { actor, store } = ctx;
  const found = await store.read.vaultEntry(actor.mesh, { member: actor.member, key });
  if (found === undefined) throw ctx.fail("not_found", "key: your vault has no such secret");
  return found;
};
