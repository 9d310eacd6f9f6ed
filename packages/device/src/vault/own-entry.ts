import { verifyVaultEntry } from "@claudemesh/crypto";
import { MeshError, type VaultEntry } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** Throws `bad_signature` unless this member signed the entry for its own vault, with its keys of today or with ones of this home that they have replaced. */
export function requireOwnEntry(
  ctx: DeviceContext,
  row: MembershipRow,
  entry: VaultEntry,
  key: string = entry.key,
): void {
  const { mesh, member } = row;
  if (entry.mesh !== mesh || entry.member !== member || entry.key !== key) {
    throw new MeshError("bad_signature", `${key}: the broker answered another secret`);
  }
  const isEarlier = entry.author !== row.sign_key && ctx.keyring.find(row, entry.author);
  verifyVaultEntry(entry, isEarlier ? entry.author : row.sign_key);
}

/** A secret without its value, as its owner sees it. */
export function describeSecret(entry: VaultEntry, createdAt: number) {
  const { key, type, mount, version, setAt } = entry;
  return { key, type, ...(mount === undefined ? {} : { mount }), version, setAt, createdAt };
}
