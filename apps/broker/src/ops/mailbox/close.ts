import type { Handler } from "../../handler.ts";

export const close: Handler<"mailbox.close"> = async ({ token }, { mailboxes }) => {
  await mailboxes.close(token);
  return {};
};
