import { upsertSession } from "../queries/sessions.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putSession: WriteFn<"putSession"> = async ({ db, log }, input) =>
  (await upsertSession(db, log.head(input.mesh).no, input)) ?? "taken";
