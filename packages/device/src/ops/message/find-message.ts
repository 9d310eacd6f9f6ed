import { type MemberId, MeshError, type MeshId, type MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";

/** Which message, in which of this home's meshes. */
export interface FoundMessage {
  readonly id: MessageId;
  readonly mesh: MeshId;
  /** who sent it; undefined when this home did */
  readonly sender: MemberId | undefined;
}

interface FoundRow {
  readonly id: MessageId;
  readonly mesh: MeshId;
  readonly sender: MemberId | null;
}

/** The message that a full id, or a unique beginning or end of 4 or more characters, names. Throws `not_found`, `ambiguous`. */
export function findMessage(
  ctx: DeviceContext,
  mesh: MeshId | undefined,
  typed: string,
): FoundMessage {
  const text = typed.trim().toLowerCase();
  const bare = text.replace(/^msg_/, "");
  if (!/^[0-9a-f-]{4,36}$/.test(bare)) {
    throw new MeshError(
      "malformed",
      "id: expected a message id, or at least 4 characters of its end",
      {
        detail: { field: "id" },
      },
    );
  }
  const rows = ctx.store.all<FoundRow>(
    `SELECT id, mesh, NULL AS sender, 0 AS got, position FROM outbox
       WHERE (mesh = ?1 OR ?1 IS NULL) AND (id LIKE ?2 OR id LIKE ?3)
     UNION ALL SELECT id, mesh, sender, 1, position FROM inbox
       WHERE kind NOT IN ('guard', 'void') AND (mesh = ?1 OR ?1 IS NULL) AND (id LIKE ?2 OR id LIKE ?3)
     ORDER BY got, position LIMIT 50`,
    mesh ?? null,
    `msg_${bare}%`,
    `%${bare}`,
  );
  const here = firstOfEach(rows);
  const [one, ...others] = here;
  if (one === undefined) {
    throw new MeshError("not_found", `id: this home neither sent nor got a message ${typed}`, {
      hint: "inbox, search and topic history show the last 8 characters of each id",
      detail: { field: "id" },
    });
  }
  if (others.length === 0) return { ...one, sender: one.sender ?? undefined };
  throw new MeshError("ambiguous", `id: ${typed} fits ${here.length} messages`, {
    hint: "give more of the id",
    detail: { ids: here.slice(0, 20).map(({ id }) => id) },
  });
}

/** Others may use an id again that exists: it stands for the message sent from here, else for the first that came. */
function firstOfEach(rows: readonly FoundRow[]): FoundRow[] {
  const first = new Map<MessageId, FoundRow>();
  for (const { id, mesh, sender } of rows) if (!first.has(id)) first.set(id, { id, mesh, sender });
  return [...first.values()];
}
