import {
  type Audience,
  audienceOf,
  type DeviceId,
  limits,
  type MemberId,
  memberOf,
  sessionOf,
} from "@claudemesh/protocol";
import { withheldOf } from "../../log/withheld.ts";
import { deleteContents, dueEntries, sessionOwner, wasStored } from "../queries/expiry.ts";
import type { NewEntry } from "../writing/log-appender.ts";
import type { WriteContext, WriteFn } from "../writing/write-context.ts";

export const expire: WriteFn<"expire"> = async (context, input) => {
  const { db, log } = context;
  const { now } = input;
  const due = await dueEntries(db, input);
  for (const entry of due) {
    const recipient = entry.kind === "message" ? await recipientOf(context, entry) : undefined;
    const isWithheld = withheldOf(entry.audience) !== undefined;
    const expired =
      recipient !== undefined && (isWithheld || !(await wasStored(db, { ...entry, ...recipient })));
    await deleteContents(db, entry, { at: now, expired });
    if (expired && entry.sender !== null) {
      log.append(log.head(entry.meshId), expiryNotice(entry.id, entry.sender, now));
    }
  }
  return due.length;
};

/** The one member that a message is for, and the one device where it is for a session of it. */
async function recipientOf(
  { db }: WriteContext,
  { mesh, audience: kept }: { readonly mesh: number; readonly audience: Audience },
): Promise<{ member: MemberId; device?: DeviceId } | undefined> {
  const audience = withheldOf(kept) ?? kept;
  const member = memberOf(audience);
  if (member !== undefined) return { member };
  const session = sessionOf(audience);
  return session && (await sessionOwner(db, { mesh, session }));
}

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
