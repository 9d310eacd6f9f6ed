import { requireCiphertext, verifyVaultEntry } from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";
import { requireClose } from "../../rosters.ts";

/** Keeps a member's secret as ciphertext, with its owner's signed word on what it is. */
export const set: Handler<"vault.set"> = async ({ entry, ciphertext }, ctx) => {
  const { actor, now, roster, store } = ctx;
  if (entry.mesh !== actor.mesh) {
    throw ctx.fail("malformed", "entry.mesh: not the connection's mesh");
  }
  const self = roster.members.get(actor.member);
  if (entry.member !== actor.member || self === undefined) {
    throw ctx.fail("forbidden", "entry.member: a vault is its owner's only");
  }
  if ((entry.type === "file") !== (entry.mount !== undefined)) {
    throw ctx.fail("malformed", "entry.mount: goes with type file, and only with it");
  }
  verifyVaultEntry(entry, self.keys.sign);
  requireCiphertext(entry, ciphertext);
  const at = now();
  requireClose(entry.at, at);
  const outcome = await store.write.putVaultEntry({ mesh: actor.mesh, entry, ciphertext, at });
  if (outcome.result === "conflict") {
    throw ctx.fail("conflict", "entry.version: another version is there meanwhile");
  }
  if (outcome.result === "full") {
    throw ctx.fail("exhausted", "the vault has as many secrets as it may have", {
      hint: "delete those that nothing uses: claudemesh vault list",
    });
  }
  return { entry, createdAt: outcome.createdAt };
};
