import { z } from "zod";
import { At, bytesUpTo } from "../bytes.ts";
import { limits } from "../limits.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";
import { MountPath, VaultEntry, VaultKey, VaultType } from "../statements/vault.ts";

const key = { needs: "admin", reach: "mesh" } as const;
const Kept = z.object({ entry: VaultEntry, createdAt: At.describe("when its first version came") });
const Ciphertext = bytesUpTo(limits.vaultSealedBytes, "ciphertext");

/** A secret as its owner sees it, without the value. */
const Secret = z.object({
  key: VaultKey,
  type: VaultType,
  mount: MountPath.optional(),
  version: z.int(),
  setAt: At,
  createdAt: At,
});

export const del = op({
  name: "vault.delete",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  needs: "vault",
  audit: true,
  key,
  summary: "Delete a secret of your vault",
  input: z.strictObject({ key: VaultKey }),
  output: z.object({ key: VaultKey }),
  errors: ["not_found"],
  rest: "DELETE /v1/vault/{key}",
  cli: { args: ["key"], example: "GITHUB_TOKEN", confirm: "key" },
  tool: "vault_delete",
});

export const get = op({
  name: "vault.get",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  needs: "vault",
  key,
  summary: "Print a secret of your vault, opened on this device",
  input: z.strictObject({ key: VaultKey }),
  output: Kept.extend({ ciphertext: Ciphertext }),
  errors: ["not_found"],
  open: {
    input: MeshTarget.extend({ key: VaultKey }),
    output: Secret.extend({ value: z.string() }),
  },
  rest: "GET /v1/vault/{key}",
  cli: { args: ["key"], example: "GITHUB_TOKEN" },
});

export const list = op({
  name: "vault.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  needs: "vault",
  key,
  summary: "List what is in your vault, without the values",
  input: z.strictObject({}),
  output: z.object({ items: z.array(Kept) }),
  errors: [],
  open: { input: MeshTarget, output: z.object({ items: z.array(Secret) }) },
  rest: "GET /v1/vault",
  cli: {},
  tool: "vault_list",
});

export const set = op({
  name: "vault.set",
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  needs: "vault",
  audit: true,
  key,
  summary: "Keep a secret, sealed on this device to your own key",
  input: z.strictObject({ entry: VaultEntry, ciphertext: Ciphertext }),
  output: Kept,
  errors: ["clock_skew", "conflict", "exhausted"],
  open: {
    input: MeshTarget.extend({
      key: VaultKey,
      value: z.string().min(1).max(limits.vaultBytes).describe("the secret itself"),
      type: VaultType.default("env"),
      mount: MountPath.optional(),
    }),
    output: Secret,
  },
  rest: "PUT /v1/vault",
  tool: "vault_set",
});
