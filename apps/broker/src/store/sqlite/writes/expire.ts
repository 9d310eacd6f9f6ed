import { audienceOf, limits, type MemberId, memberOf } from "@claudemesh/protocol";
import { deleteContents, dueEntries, wasStored } from "../../queries/expiry.ts";
import type { NewEntry } from "../log.ts";
import type { WriteFn } from "../write-context.ts";

export const expire: WriteFn<"expire"> = async ({ db, log }, { now, limit }) => {
  const due = await dueEntries(db, { now, limit });
  for (const entry of due) {
    const recipient = entry.kind === "message" ? memberOf(entry.audience) : undefined;
    const expired =
      recipient !== undefined && !(await wasStored(db, { ...entry, member: recipient }));
    await deleteContents(db, entry, { at: now, expired });
    if (expired && entry.sender !== null) {
      log.append(log.head(entry.meshId), expiryNotice(entry.id, entry.sender, now));
    }
  }
  return due.length;
};

/** The broker's word to a sender that no device ever had the message; its id is made from the message's, so that both can be told apart and matched. */
const expiryNotice = (id: string, sender: MemberId, at: number): NewEntry => ({
  id: id.replace(/^msg_/, "ntc_"),
  kind: "notice",
  sender: null,
  audience: audienceOf(sender),
  at,
  expiresAt: at + limits.directTtlMs,
  body: JSON.stringify({ id, state: "expired" }),
});
