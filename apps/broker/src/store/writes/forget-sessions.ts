import { deleteSessions } from "../queries/sessions.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetSessions: WriteFn<"forgetSessions"> = ({ db }, input) =>
  deleteSessions(db, input);
