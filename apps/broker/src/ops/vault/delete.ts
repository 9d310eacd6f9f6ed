import type { Handler } from "../../handler.ts";

export const del: Handler<"vault.delete"> = async ({ key }, ctx) => {
  const { actor, now, store } = ctx;
  const { mesh, member } = actor;
  const wasThere = await store.write.deleteVaultEntry({ mesh, member, key, at: now() });
  if (!wasThere) throw ctx.fail("not_found", "key: your vault has no such secret");
  return { key };
};
