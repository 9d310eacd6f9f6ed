import type { ApiKeyId, InboxMessage, MemberId, Plain } from "@claudemesh/protocol";

/** Who wrote a plain message, by the broker's word. */
export type PlainAuthor = Plain["from"];

/** What stands in the place of a sender's id: a key is no member, and no message of a member's is ever taken for one of its. */
export const senderOf = (key: ApiKeyId): MemberId => key as string as MemberId;

/** The author that a row's `plain` names; undefined for what a member signed. */
export const plainAuthor = (text: string | null | undefined): PlainAuthor | undefined =>
  text == null ? undefined : (JSON.parse(text) as PlainAuthor);

/** How that author is shown: under the key's own name, never as the member whose key it is. */
export const shownAuthor = ({ key, name, owner }: PlainAuthor) =>
  ({ member: owner, name, key: "", apiKey: key }) satisfies Partial<InboxMessage["from"]>;
