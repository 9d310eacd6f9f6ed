import type { MemberId, Reader, SentTo } from "@claudemesh/protocol";
import { audienceName } from "../../names/audience-name.ts";
import type { NamedMember } from "../../names/member-names.ts";
import { memberFor } from "../../outbox/seal-target.ts";
import type { HomeStore } from "../../store/home-store.ts";
import type { OutboxRow } from "../../store/outbox-rows.ts";
import { readerRows } from "../../store/reader-rows.ts";

type Names = ReadonlyMap<MemberId, NamedMember>;

interface Addressee {
  readonly with: { readonly member?: MemberId; readonly name: string };
  readonly to?: SentTo;
  readonly readers?: Reader[];
}

/** Who a message went to, as people write it. */
export function otherOf(sent: OutboxRow, names: Names): Addressee["with"] {
  if (sent.audience !== null) return { name: sent.name ?? sent.audience };
  const member = memberFor(sent);
  return { member, name: names.get(member)?.name ?? member };
}

/** The same, and of a message to many how far it is with each of them who said so. */
export function addressee(store: HomeStore, sent: OutboxRow, names: Names): Addressee {
  const other = otherOf(sent, names);
  const kind = audienceName(store, sent.mesh, sent.audience)?.kind;
  if (kind === undefined) return { with: other };
  const members = sent.members === null ? {} : { members: sent.members };
  const readers = readerRows(store, sent.id).map(({ member, state, at, way, reason }) => ({
    member,
    name: names.get(member)?.name ?? member,
    state,
    at,
    ...(way === null ? {} : { way }),
    ...(reason === null ? {} : { reason }),
  }));
  return { with: other, to: { kind, name: other.name, ...members }, readers };
}
