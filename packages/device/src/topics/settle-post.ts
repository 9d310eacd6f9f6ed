import { audienceOfMany, type MemberId, type MeshId, type MessageId } from "@claudemesh/protocol";
import type { HomeStore } from "../store/home-store.ts";
import type { PostPlace } from "../store/post-place.ts";
import { changesOf } from "../store/post-rows.ts";

interface Authored {
  readonly mesh: MeshId;
  readonly place: PostPlace;
  readonly id: MessageId;
  readonly author: MemberId;
  /** whether this member wrote it, so that it may lie in the outbox */
  readonly isOwn: boolean;
}

/**
 * Brings a stored post to what its author said of it last, so that inbox and search show nothing else: the newest text, or none where it was taken back, which also ends its
 * waiting for a reader. Part of the caller's transaction.
 */
export function settlePost(store: HomeStore, post: Authored, at: number): void {
  const said = changesOf(store, post.mesh, post.place, [post.id]).filter(
    ({ sender }) => sender === post.author,
  );
  const edits = said.filter(({ kind }) => kind === "post.edit");
  if (said.some(({ kind }) => kind === "post.retract")) {
    for (const id of [post.id, ...edits.map((edit) => edit.id)]) write(store, { ...post, id }, "");
    store.run(
      `UPDATE inbox SET handed_at = ? WHERE mesh = ? AND sender = ? AND id = ?
         AND handed_at IS NULL AND handing_by IS NULL`,
      ...[at, post.mesh, post.author, post.id],
    );
    store.run(
      "UPDATE post_change SET text = '' WHERE mesh = ? AND sender = ? AND target = ? AND kind = 'post.edit'",
      ...[post.mesh, post.author, post.id],
    );
    return;
  }
  const last = edits.at(-1);
  if (last !== undefined) write(store, post, last.text);
}

/** What still waits to be sent keeps its text: it is sealed from that. */
function write(store: HomeStore, { place, author, id, isOwn, mesh }: Authored, text: string): void {
  const audience = audienceOfMany(place);
  store.run(
    `UPDATE inbox SET text = ? WHERE mesh = ? AND sender = ? AND id = ? AND audience IS ?
       AND guard IS NOT 'refuse'`,
    ...[text, mesh, author, id, audience],
  );
  if (!isOwn) return;
  store.run(
    "UPDATE outbox SET text = ? WHERE mesh = ? AND id = ? AND audience IS ? AND state <> 'queued'",
    ...[text, mesh, id, audience],
  );
}
