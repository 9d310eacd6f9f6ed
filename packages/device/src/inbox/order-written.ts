import type { InboxMessage, MemberId } from "@claudemesh/protocol";

/**
 * Puts each sender's messages, in the places that they have among the others', into the order of their ids: those are signed and drawn in the order of
 * writing, while the order of arrival is the broker's choice.
 */
export function putInOrderWritten(items: InboxMessage[]): void {
  const bySender = new Map<MemberId, InboxMessage[]>();
  for (const item of items) {
    // Nobody has signed a plain one's id: it keeps the place that the broker gave it.
    if (item.plain) continue;
    const group = bySender.get(item.from.member);
    if (group === undefined) bySender.set(item.from.member, [item]);
    else group.push(item);
  }
  for (const group of bySender.values()) group.sort((a, b) => (a.id < b.id ? 1 : -1));
  for (const [place, { from, plain }] of items.entries()) {
    if (plain) continue;
    const next = bySender.get(from.member)?.pop();
    if (next !== undefined) items[place] = next;
  }
}
