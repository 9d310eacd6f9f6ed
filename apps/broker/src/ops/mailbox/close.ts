import type { Handler } from "../../handler.ts";

export const close: Handler<"mailbox.close"> = async ({ token }, { mailboxes }) => {
  mailboxes.close(token);
  return {};
};
