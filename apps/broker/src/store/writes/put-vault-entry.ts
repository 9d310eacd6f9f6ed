import { keepVaultEntry } from "../queries/vault.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putVaultEntry: WriteFn<"putVaultEntry"> = ({ db, log }, input) =>
  keepVaultEntry(db, log.head(input.mesh).no, input);
