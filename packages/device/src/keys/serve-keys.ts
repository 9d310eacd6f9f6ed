import { sealKeyBundle } from "@claudemesh/crypto";
import type { Hash, KeyBundleRow, MemberId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { entitledKeys, keyAt } from "./entitled-keys.ts";
import { hidesPast } from "./hides-past.ts";
import { putRows } from "./put-rows.ts";
import { ringOf } from "./ring-of.ts";

/** One who lacks a key, by the broker's word; whether it may have it the verified chain decides. */
export interface KeyWant {
  readonly member: MemberId;
  readonly commitment: Hash;
}

/** Seals the keys that are here to members who lack them and may have them. */
export async function serveKeys(
  ctx: DeviceContext,
  row: MembershipRow,
  { client }: Pick<MeshLink, "client">,
  wants: readonly KeyWant[],
): Promise<void> {
  const roster = ctx.rosters.of(row.mesh);
  const ring = ringOf(ctx, row.mesh);
  const { signer } = ctx.secretOf(row);
  const rows: KeyBundleRow[] = [];
  for (const member of new Set(wants.map((want) => want.member))) {
    if (member === row.member) continue;
    const wanted = new Set(
      wants.filter((want) => want.member === member).map(({ commitment }) => commitment),
    );
    for (const { commitment, place } of entitledKeys(roster, member, hidesPast(ctx, row.mesh))) {
      const key = wanted.has(commitment) ? keyAt(ring, place) : undefined;
      if (key === undefined) continue;
      rows.push(
        ...sealKeyBundle({ roster, key, signer, random: ctx.random, recipients: [member] }),
      );
    }
  }
  await putRows(client, rows);
}
