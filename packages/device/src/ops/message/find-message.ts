import { MeshError, type MeshId, type MessageId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";

/** Which message, in which of this home's meshes, sent or received. */
export interface FoundMessage {
  readonly id: MessageId;
  readonly mesh: MeshId;
  readonly direction: "sent" | "received";
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
  const found = ctx.store.all<FoundMessage>(
    `SELECT id, mesh, 'sent' AS direction FROM outbox WHERE (id LIKE ? OR id LIKE ?)
     UNION ALL SELECT id, mesh, 'received' FROM inbox WHERE kind = 'direct' AND (id LIKE ? OR id LIKE ?) LIMIT 50`,
    `msg_${bare}%`,
    `%${bare}`,
    `msg_${bare}%`,
    `%${bare}`,
  );
  const here = found.filter((one) => mesh === undefined || one.mesh === mesh);
  const [one, ...others] = here;
  if (one === undefined) {
    throw new MeshError("not_found", `id: this home neither sent nor got a message ${typed}`);
  }
  if (others.length === 0) return one;
  throw new MeshError("ambiguous", `id: ${typed} fits ${here.length} messages`, {
    hint: "give more of the id",
    detail: { ids: here.slice(0, 20).map(({ id }) => id) },
  });
}
