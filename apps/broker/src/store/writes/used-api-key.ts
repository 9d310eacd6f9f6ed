import { markApiKey } from "../queries/api-keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const usedApiKey: WriteFn<"usedApiKey"> = ({ db, log }, input) =>
  markApiKey(db, log.head(input.mesh).no, input);
