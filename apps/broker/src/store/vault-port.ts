import type { MemberId, MeshId, VaultEntry } from "@claudemesh/protocol";

/** A secret of a member's vault, without its ciphertext. */
export interface VaultRow {
  readonly entry: VaultEntry;
  /** when its first version came */
  readonly createdAt: number;
}

export type VaultOutcome =
  | { readonly result: "kept"; readonly createdAt: number }
  /** its version is not the next one */
  | { readonly result: "conflict" }
  /** the member has `limits.vaultEntries` */
  | { readonly result: "full" };

/** The writes that concern vaults. */
export interface VaultWrites {
  /** Keeps the next version of a secret in place of the one before; the same one again is kept already. */
  putVaultEntry(input: {
    readonly mesh: MeshId;
    readonly entry: VaultEntry;
    readonly ciphertext: string;
    readonly at: number;
  }): Promise<VaultOutcome>;
  /** Answers whether it was there. */
  deleteVaultEntry(input: {
    readonly mesh: MeshId;
    readonly member: MemberId;
    readonly key: string;
    readonly at: number;
  }): Promise<boolean>;
}

/** The reads that concern vaults. */
export interface VaultReads {
  /** A member's secrets by name. */
  vaultEntries(mesh: MeshId, member: MemberId): Promise<readonly VaultRow[]>;
  vaultEntry(
    mesh: MeshId,
    query: { readonly member: MemberId; readonly key: string },
  ): Promise<(VaultRow & { readonly ciphertext: string }) | undefined>;
}
