import { deleteNotifications } from "../queries/notifications.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const forgetNotifications: WriteFn<"forgetNotifications"> = ({ db }, input) =>
  deleteNotifications(db, input);
