import type { Handler } from "../../handler.ts";

export const enter: Handler<"mailbox.enter"> = async ({ code }, { mailboxes }) =>
  mailboxes.enter(code);
