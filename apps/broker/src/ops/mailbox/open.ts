import type { Handler } from "../../handler.ts";

export const open: Handler<"mailbox.open"> = async (_input, { caller, mailboxes }) =>
  mailboxes.open(caller.address);
