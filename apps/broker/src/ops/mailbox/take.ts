import type { Handler } from "../../handler.ts";

export const take: Handler<"mailbox.take"> = async ({ token, part, waitMs }, { mailboxes }) => {
  const data = await mailboxes.side(token).take(part, waitMs);
  return data === undefined ? {} : { data };
};
