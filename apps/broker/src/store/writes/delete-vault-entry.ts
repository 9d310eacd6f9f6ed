import { dropVaultEntry } from "../queries/vault.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const deleteVaultEntry: WriteFn<"deleteVaultEntry"> = ({ db, log }, input) =>
  dropVaultEntry(db, log.head(input.mesh).no, input);
