import { type ChainKey, openKeyBundleRow } from "@claudemesh/crypto";
import { KeyBundleRow, MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { senderName } from "../feed/refuse-message.ts";
import { dropKeyAsked } from "../store/key-asked.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice, dropNotice } from "../store/notices.ts";
import { keyAt } from "./entitled-keys.ts";
import { lackingNotice } from "./key-notices.ts";
import { ringOf } from "./ring-of.ts";

/** Opens rows that were sealed to this member and keeps the keys that fit the chain; a row that does not is told, with who is said to have sealed it. Answers how many keys were new. */
export function takeKeyRows(
  ctx: DeviceContext,
  row: MembershipRow,
  rows: readonly unknown[],
): number {
  const { mesh, member } = row;
  const reader = { roster: ctx.rosters.of(mesh), member, opener: ctx.secretOf(row).opener };
  const good: ChainKey[] = [];
  for (const one of rows) {
    try {
      good.push(openKeyBundleRow(one, reader));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      tellBadRow(ctx, row, one, error);
    }
  }
  const ring = ringOf(ctx, mesh);
  const fresh = good.filter((key) => keyAt(ring, key) === undefined);
  if (fresh.length === 0) return 0;
  const added = ctx.rings.add(mesh, fresh);
  ctx.store.write(() => {
    for (const { commitment } of rows.flatMap((one) => KeyBundleRow.safeParse(one).data ?? [])) {
      dropKeyAsked(ctx.store, mesh, commitment);
      dropNotice(ctx.store, mesh, lackingNotice(commitment));
    }
  });
  return added;
}

function tellBadRow(
  ctx: DeviceContext,
  row: MembershipRow,
  input: unknown,
  error: MeshError,
): void {
  const { mesh } = row;
  const roster = ctx.rosters.of(mesh);
  const { data } = KeyBundleRow.safeParse(input);
  const author = data && roster.memberByKey(data.author);
  const scope = { row, syncRoster: async () => {} };
  const who = author === undefined ? "nobody of the mesh" : senderName(ctx, scope, author.id);
  ctx.store.write(() =>
    addNotice(ctx.store, {
      mesh,
      key: `key_row:${data?.commitment ?? "?"}:${data?.author ?? "?"}`,
      code: error.code,
      text: `a key that the broker gave as sealed by ${who} was refused: ${error.message}`,
      at: ctx.now(),
    }),
  );
}
