import type { Handler } from "../../handler.ts";
import { signalTo } from "../../nodes/signals.ts";

/** Ends a key, named by its id or by enough of its beginning, with all that it holds open. */
export const revoke: Handler<"apikey.revoke"> = async ({ id: said }, ctx) => {
  const { actor, bus, keyLines, keyPresence, now, store } = ctx;
  const rows = await store.read.apiKeys(actor.mesh);
  const wanted = `key_${said.replace(/^key_/, "")}`;
  const whole = rows.find(({ id }) => id === wanted);
  const open = rows.filter(({ id, revokedAt }) => revokedAt === null && id.startsWith(wanted));
  const [found] = whole === undefined ? open : [whole];
  if (found === undefined) {
    throw ctx.fail("not_found", "id: there is no such API key that is not revoked", {
      detail: { result: "not_found" },
    });
  }
  if (whole === undefined && open.length > 1) {
    throw ctx.fail("ambiguous", `id: not unique, it fits ${open.length} API keys`, {
      detail: { result: "not_unique", ids: open.map(({ id }) => id) },
    });
  }
  const { id, name } = found;
  await store.write.revokeApiKey({ mesh: actor.mesh, id, at: now() });
  keyPresence.drop(id);
  keyLines.endKey(id);
  bus.publish(signalTo(actor.mesh, "key"), id);
  return { id, name, result: "revoked" };
};
