import type { Handler } from "../../handler.ts";

export const take: Handler<"mailbox.take"> = async ({ token, part, waitMs }, { mailboxes }) => {
  const data = await mailboxes.take(token, part, waitMs);
  return data === undefined ? {} : { data };
};
