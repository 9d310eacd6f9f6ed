import { limits } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import { putKeyAsked } from "../store/key-asked.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { keyArrived } from "./key-arrived.ts";
import { tellLacking } from "./key-notices.ts";
import { lackingKeys } from "./lacking-keys.ts";
import { takeKeyRows } from "./take-key-rows.ts";

/** Fetches the keys that are missing here; for those that the broker has no good row of, other members are asked. Without anything missing the broker is not asked. */
export async function fetchKeys(
  ctx: DeviceContext,
  row: MembershipRow,
  { client }: Pick<MeshLink, "client">,
): Promise<void> {
  const { mesh } = row;
  let added = 0;
  for (const page of pages(lackingKeys(ctx, row))) {
    const commitments = page.map(({ commitment }) => commitment);
    const { items } = await client.keys.list({ commitments });
    added += takeKeyRows(ctx, row, items);
  }
  if (added > 0) await keyArrived(ctx, mesh);
  for (const page of pages(lackingKeys(ctx, row))) {
    const commitments = page.map(({ commitment }) => commitment);
    const { asked } = await client.keys.want({ commitments });
    ctx.store.write(() => {
      for (const key of page) {
        const { commitment } = key;
        putKeyAsked(ctx.store, mesh, { commitment, members: asked, at: ctx.now() });
        tellLacking(ctx, mesh, key);
      }
    });
  }
}

function* pages<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += limits.keyRows) yield all.slice(at, at + limits.keyRows);
}
