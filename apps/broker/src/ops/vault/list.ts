import type { Handler } from "../../handler.ts";

/** The caller's own secrets, without their ciphertext. */
export const list: Handler<"vault.list"> = async (_input, { actor, store }) => ({
  items: [...(await store.read.vaultEntries(actor.mesh, actor.member))],
});
