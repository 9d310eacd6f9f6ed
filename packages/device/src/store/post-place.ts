import {
  type Audience,
  audienceOf,
  type EnvelopeHeader,
  type MemberId,
  memberOf,
} from "@claudemesh/protocol";

/** Where posts belong: to a topic, by its audience; or to a dm, by the audience of the other member as this home sees it. */
export type PostPlace = Audience;

/** The place of a verified message to a topic, to this member or to one of its sessions. */
export const placeOfPost = (
  { from, to }: Pick<EnvelopeHeader, "from" | "to">,
  self: MemberId,
): PostPlace => (to.startsWith("t:") || from.member === self ? to : audienceOf(from.member));

/** The condition that picks a place's rows of a table, which takes `key`. Each has an index that ends in `seq`. */
interface PlaceRows {
  readonly where: string;
  readonly key: string;
}

/** What others wrote there. */
export const inboxAt = (place: PostPlace): PlaceRows => rowsAt(place, "sender");

/** What this member wrote there. */
export const outboxAt = (place: PostPlace): PlaceRows => rowsAt(place, "recipient");

function rowsAt(place: PostPlace, other: "sender" | "recipient"): PlaceRows {
  const member = memberOf(place);
  return member === undefined
    ? { where: "audience = ?", key: place }
    : { where: `audience IS NULL AND ${other} = ?`, key: member };
}
