import type { InboxMessage, MemberId, Plain } from "@claudemesh/protocol";

/** Who wrote a plain message, by the broker's word. */
export type PlainAuthor = Plain["from"];

/** What stands in the place of a sender's id: neither a key nor a job is a member, and no message of a member's is ever taken for one of theirs. */
export const senderOf = ({ key, job }: PlainAuthor): MemberId => String(key ?? job) as MemberId;

/** The author that a row's `plain` names; undefined for what a member signed. */
export const plainAuthor = (text: string | null | undefined): PlainAuthor | undefined =>
  text == null ? undefined : (JSON.parse(text) as PlainAuthor);

/** How that author is shown: under the name of the key or job, never as the member whose it is. */
export const shownAuthor = (author: PlainAuthor) =>
  ({
    member: author.owner,
    name: author.name,
    key: "",
    ...(author.key === undefined ? {} : { apiKey: author.key }),
    ...(author.job === undefined ? {} : { job: author.job }),
  }) satisfies Partial<InboxMessage["from"]>;
