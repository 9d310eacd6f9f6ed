import { endApiKey } from "../queries/api-keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const revokeApiKey: WriteFn<"revokeApiKey"> = ({ db, log }, input) =>
  endApiKey(db, log.head(input.mesh).no, input);
