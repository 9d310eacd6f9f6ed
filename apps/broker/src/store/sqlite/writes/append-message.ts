import type { WriteFn } from "../write-context.ts";

export const appendMessage: WriteFn<"appendMessage"> = ({ log }, input) =>
  log.appendMessage(log.head(input.mesh), input);
