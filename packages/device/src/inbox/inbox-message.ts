import type { InboxMessage, MemberId } from "@claudemesh/protocol";
import type { AudienceName } from "../names/audience-name.ts";
import type { NamedMember } from "../names/member-names.ts";
import { plainAuthor, shownAuthor } from "../plain/author.ts";
import type { InboxRow } from "../store/inbox-rows.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** A stored message as its reader sees it; the sender's signature was verified before it was stored. */
export const inboxMessage = (
  got: InboxRow,
  { mesh, slug }: Pick<MembershipRow, "mesh" | "slug">,
  names: ReadonlyMap<MemberId, NamedMember>,
  audience: AudienceName | undefined,
): InboxMessage => ({
  id: got.id,
  mesh: { id: mesh, slug },
  ...authorOf(got, names),
  text: got.text,
  priority: got.priority,
  ...(got.intent === null ? {} : { intent: got.intent }),
  ...(got.reply_to === null ? {} : { replyTo: got.reply_to }),
  ...(got.thread === null ? {} : { thread: got.thread }),
  ...(got.hop === null ? {} : { hop: got.hop }),
  ...(got.subtype === null ? {} : { subtype: got.subtype }),
  kind: audience?.kind ?? "direct",
  ...(audience?.group === undefined ? {} : { group: audience.group }),
  ...(audience?.topic === undefined ? {} : { topic: audience.topic }),
  createdAt: got.created_at,
  receivedAt: got.received_at,
  again: got.again === 1,
});

function authorOf(
  { plain, sender }: InboxRow,
  names: ReadonlyMap<MemberId, NamedMember>,
): Pick<InboxMessage, "from" | "plain"> {
  const author = plainAuthor(plain);
  if (author !== undefined)
    return { from: { ...shownAuthor(author), verified: false }, plain: true };
  const { name = sender, keyHex = "" } = names.get(sender) ?? {};
  return { from: { member: sender, name, key: keyHex.slice(0, 16), verified: true } };
}
