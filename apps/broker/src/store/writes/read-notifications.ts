import { markNotifications } from "../queries/notifications.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const readNotifications: WriteFn<"readNotifications"> = ({ db, log }, input) =>
  markNotifications(db, log.head(input.mesh).no, input);
