import {
  type Audience,
  type EnvelopeHeader,
  everyone,
  type MemberId,
  type MessageBody,
  type MessageId,
} from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import { placeOfPost } from "../store/post-place.ts";
import { addChange } from "../store/post-rows.ts";

/** What can be said of a post once it is there, as the `subtype` of a message to its topic, or to the other member of a dm, that answers it. */
export const followUpKinds = ["post.edit", "post.pin", "post.react", "post.retract"] as const;
export type FollowUpKind = (typeof followUpKinds)[number];

const kinds: ReadonlySet<string> = new Set(followUpKinds);

/** Whether a message only says something of an earlier post: it changes that, and is shown to nobody by itself. */
export const isFollowUp = (to: Audience | MemberId, subtype: string | null | undefined): boolean =>
  to !== everyone && !to.startsWith("g:") && subtype != null && kinds.has(subtype);

/** Keeps what a verified message says of a post; who may say what is judged when the post is shown. Part of the caller's transaction. */
export function takeFollowUp(
  store: HomeStore,
  header: EnvelopeHeader,
  { subtype, text }: Pick<MessageBody, "subtype" | "text">,
  { seq, self }: { readonly seq: number; readonly self: MemberId },
): void {
  const { createdAt, from, id, mesh, replyTo, to } = header;
  if (replyTo === undefined || !isFollowUp(to, subtype)) return;
  addChange(store, {
    ...{ mesh, sender: from.member, id, audience: placeOfPost(header, self), target: replyTo },
    ...{ kind: subtype as FollowUpKind, text, seq, at: createdAt },
  });
}

/** A post as far as changes of it need it. */
export interface Changeable {
  readonly id: MessageId;
  readonly sender: MemberId;
  readonly text: string;
}

interface Change {
  readonly sender: MemberId;
  readonly kind: FollowUpKind;
  readonly text: string;
  readonly at: number;
}

/** A post after all that was said of it: only its author edits or retracts it, everyone reacts and pins. */
export interface Changed {
  readonly text: string;
  readonly editedAt?: number;
  readonly retractedAt?: number;
  readonly pinned: boolean;
  /** by sign, in the order in which it was first set */
  readonly reactions: ReadonlyMap<string, ReadonlySet<MemberId>>;
}

/** What a pin says that takes it off, and a reaction before its sign. */
export const off = "off";

function react(reactions: Map<string, Set<MemberId>>, said: string, sender: MemberId): void {
  const isOff = said.startsWith(`${off} `);
  const sign = isOff ? said.slice(off.length + 1) : said;
  const by = reactions.get(sign) ?? new Set();
  if (isOff) by.delete(sender);
  else by.add(sender);
  if (by.size === 0) reactions.delete(sign);
  else reactions.set(sign, by);
}

/** Applies changes, which are in the order of the log. */
export function applyChanges(post: Changeable, changes: readonly Change[]): Changed {
  let { text } = post;
  let pinned = false;
  let editedAt: number | undefined;
  let retractedAt: number | undefined;
  const reactions = new Map<string, Set<MemberId>>();
  for (const { at, kind, sender, text: said } of changes) {
    const isOwn = sender === post.sender;
    if (kind === "post.edit" && isOwn) [text, editedAt] = [said, at];
    if (kind === "post.retract" && isOwn) retractedAt ??= at;
    if (kind === "post.pin") pinned = said !== off;
    if (kind === "post.react") react(reactions, said, sender);
  }
  return {
    text: retractedAt === undefined ? text : "",
    ...(editedAt === undefined || retractedAt !== undefined ? {} : { editedAt }),
    ...(retractedAt === undefined ? {} : { retractedAt }),
    pinned,
    reactions,
  };
}
