import { putAnswer } from "../queries/api-keys.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const keepAnswer: WriteFn<"keepAnswer"> = ({ db, log }, input) =>
  putAnswer(db, log.head(input.mesh).no, input);
