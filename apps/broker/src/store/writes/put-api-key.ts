import { putApiKey as put } from "../queries/api-keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putApiKey: WriteFn<"putApiKey"> = ({ db, log }, input) =>
  put(db, log.head(input.mesh).no, input);
