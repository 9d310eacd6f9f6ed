import { markEnded } from "../queries/sessions.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const endSession: WriteFn<"endSession"> = ({ db, log }, input) =>
  markEnded(db, log.head(input.mesh).no, input);
