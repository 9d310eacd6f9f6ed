import type { Handler } from "../../handler.ts";

export const put: Handler<"mailbox.put"> = async ({ token, part, data }, { mailboxes }) => ({
  kept: await mailboxes.put(token, part, data),
});
