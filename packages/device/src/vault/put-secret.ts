import { sealSecret } from "@claudemesh/crypto";
import { MeshError, type VaultEntry } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MeshLink } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** How often another device of this member may be faster. */
const mostTries = 5;

export type SecretWish = Pick<VaultEntry, "key" | "type"> & {
  readonly mount?: string | undefined;
  readonly value: string;
  /** when it was given, where it is sealed anew; else now */
  readonly setAt?: number;
};

export interface KeptSecret {
  readonly entry: VaultEntry;
  readonly createdAt: number;
}

/** Seals a value to this member's key and has the broker keep it as the secret's next version. Throws `conflict` where other devices are always faster. */
export async function putSecret(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  wish: SecretWish,
): Promise<KeptSecret> {
  for (let tries = 1; ; tries++) {
    const { items } = await link.client.vault.list({});
    const before = items.find(({ entry }) => entry.key === wish.key);
    try {
      return await putVersion(ctx, row, link, {
        ...wish,
        version: (before?.entry.version ?? 0) + 1,
      });
    } catch (error) {
      const isLate = error instanceof MeshError && error.code === "conflict";
      if (!isLate || tries === mostTries) throw error;
    }
  }
}

/** One version of a secret. Throws `conflict` where it is not the next one any more. */
export function putVersion(
  ctx: DeviceContext,
  row: MembershipRow,
  link: MeshLink,
  wish: SecretWish & { readonly version: number },
): Promise<KeptSecret> {
  const { key, type, mount, value, version } = wish;
  const { mesh, member } = row;
  const { keys, signer } = ctx.secretOf(row);
  const at = Math.round(ctx.now() + link.clockAheadMs);
  const sealed = sealSecret({
    statement: {
      ...{ mesh, member, key, type, version, at, setAt: wish.setAt ?? at },
      ...(mount === undefined ? {} : { mount }),
    },
    value,
    to: keys.seal,
    signer,
    random: ctx.random,
  });
  return link.client.vault.set(sealed);
}
