import type { Handler } from "../../handler.ts";
import { ownFile } from "./found-file.ts";
import { requireMembers } from "./share.ts";

/** Keeps the key of the caller's file for more members; the ciphertext stays where it is. */
export const grant: Handler<"file.grant"> = async ({ id, rows }, ctx) => {
  const { actor, config, now, store } = ctx;
  await ownFile(id, ctx);
  requireMembers(rows, ctx);
  const at = now();
  const granted = await store.write.grantFile({
    ...{ mesh: actor.mesh, file: id, rows, at },
    expiresAt: at + config.sharedTtlMs,
  });
  return { id, granted };
};
