import type { SqliteWriteFn } from "../write-context.ts";

export const appendMessage: SqliteWriteFn<"appendMessage"> = ({ log }, input) =>
  log.appendMessage(log.head(input.mesh), input);
