import type { Envelope, MemberId, Post } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { type NamedMember, namedMembers } from "../names/member-names.ts";
import { shownAuthor } from "../plain/author.ts";
import type { MembershipRow } from "../store/memberships.ts";
import type { PostPlace } from "../store/post-place.ts";
import { changesOf, closedPosts, type PostRow } from "../store/post-rows.ts";
import { applyChanges } from "./follow-ups.ts";
import type { ResolvedTopic } from "./resolve-topic.ts";

/** Stored posts as their reader sees them, after all that was said of them since. */
export function showPosts(
  ctx: DeviceContext,
  row: MembershipRow,
  place: PostPlace,
  posts: readonly PostRow[],
): Post[] {
  const { store } = ctx;
  const named = namedMembers(store, row.mesh, ctx.rosters.of(row.mesh));
  const changes = Map.groupBy(
    changesOf(
      store,
      row.mesh,
      place,
      posts.map(({ id }) => id),
    ),
    ({ target }) => target,
  );
  return posts.map((post) => {
    const { pinned, reactions, ...now } = applyChanges(post, changes.get(post.id) ?? []);
    return {
      id: post.id,
      ...(post.plain == null ? { from: authorOf(post.sender, row, named) } : plainFrom(post.plain)),
      ...(post.seq === null ? {} : { seq: post.seq }),
      createdAt: post.created_at,
      ...(post.reply_to === null ? {} : { replyTo: post.reply_to }),
      ...now,
      pinned,
      reactions: [...reactions].map(([emoji, by]) => ({
        emoji,
        by: [...by].map((one) => named.get(one)?.name ?? one),
      })),
      ...(post.undated === 1 ? { undated: true as const } : {}),
    };
  });
}

const plainFrom = (plain: string): Pick<Post, "from" | "plain"> => ({
  from: { ...shownAuthor(JSON.parse(plain)), self: false },
  plain: true,
});

const authorOf = (
  member: MemberId,
  row: MembershipRow,
  named: ReadonlyMap<MemberId, NamedMember>,
): Post["from"] => ({
  member,
  name: named.get(member)?.name ?? member,
  key: named.get(member)?.keyHex.slice(0, 16) ?? "",
  self: member === row.member,
});

/** Posts whose key is not here, with the reason and what happens next. */
export function showClosed(
  ctx: DeviceContext,
  row: MembershipRow,
  { audience, envelope }: ResolvedTopic,
  query: { readonly after: number; readonly before: number; readonly limit: number },
): Post[] {
  const named = namedMembers(ctx.store, row.mesh, ctx.rosters.of(row.mesh));
  const { historyForNewMembers } = ctx.rosters.of(row.mesh).policy;
  const next =
    historyForNewMembers === "all"
      ? "it opens by itself once a member who has the key is online"
      : "the mesh's policy gives those who come later no keys of what came before";
  const kind = envelope === "private_topic" ? "version" : "epoch";
  return closedPosts(ctx.store, { mesh: row.mesh, audience, ...query }).map(({ seq, body }) => {
    const { header } = JSON.parse(body) as Envelope;
    return {
      id: header.id,
      from: authorOf(header.from.member, row, named),
      seq,
      text: "",
      createdAt: header.createdAt,
      pinned: false,
      reactions: [],
      closed: { why: `this device does not have its key (${kind} ${header.keyVersion})`, next },
    };
  });
}
