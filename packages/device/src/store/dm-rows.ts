import type { MemberId, MeshId } from "@claudemesh/protocol";
import type { HomeStore } from "./home-store.ts";

/** Which of these members this one has written with. */
export const dmMembers = (
  store: HomeStore,
  mesh: MeshId,
  members: readonly MemberId[],
): MemberId[] =>
  store
    .all<{ member: MemberId }>(
      `SELECT value AS member FROM json_each(?1)
       WHERE EXISTS (SELECT 1 FROM inbox WHERE mesh = ?2 AND sender = value AND audience IS NULL
           AND kind = 'direct' AND (guard IS NULL OR guard = 'undated'))
         OR EXISTS (SELECT 1 FROM outbox WHERE mesh = ?2 AND recipient = value AND audience IS NULL
           AND ends_as IS NULL)`,
      JSON.stringify(members),
      mesh,
    )
    .map(({ member }) => member);

/** How many messages of each member to this one no reader was given; those for one session are that session's. */
export const unreadByMember = (store: HomeStore, mesh: MeshId): Map<MemberId, number> =>
  new Map(
    store
      .all<{ sender: MemberId; c: number }>(
        `SELECT sender, count(*) AS c FROM inbox
         WHERE mesh = ? AND handed_at IS NULL AND guard IS NULL AND audience IS NULL
           AND kind = 'direct' AND to_session IS NULL GROUP BY sender`,
        mesh,
      )
      .map(({ sender, c }) => [sender, c]),
  );
