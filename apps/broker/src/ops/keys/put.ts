import { jcs, sha256, toHex, utf8, verifyKeyBundleRow } from "@claudemesh/crypto/verify";
import type { Handler } from "../../handler.ts";

/** Keeps rows that members have sealed to each other; of a key that the roster has begun, each recipient is told at once. */
export const put: Handler<"keys.put"> = async (input, ctx) => {
  const { actor, config, now, roster, store } = ctx;
  const own = roster.members.get(actor.member)?.keys.sign;
  const rows = input.rows.map((row, index) => {
    if (row.author !== own) {
      throw ctx.fail(
        "forbidden",
        `rows[${index}].author: only a member's own rows are taken from it`,
      );
    }
    const verified = verifyKeyBundleRow(row, roster);
    return { row: verified, id: toHex(sha256(utf8(jcs({ ...verified })))) };
  });
  const at = now();
  const expiresAt = at + config.sharedTtlMs;
  return { kept: await store.write.putKeyRows({ mesh: actor.mesh, rows, at, expiresAt }) };
};
