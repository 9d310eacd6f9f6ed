import { MeshError, type TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { type ResolvedTopic, resolveTopic } from "../../topics/resolve-topic.ts";
import { targetMesh } from "../target-mesh.ts";

/** The mesh and the topic that a verb speaks of; a query passes `askedMesh`. Throws `not_found`, `ambiguous`. */
export async function topicOf(
  ctx: DeviceContext,
  { mesh, name }: { readonly mesh?: string | undefined; readonly name: string },
  meshOf: typeof targetMesh = targetMesh,
): Promise<{ row: MembershipRow; found: ResolvedTopic; topic: TopicId }> {
  const row = meshOf(ctx, mesh);
  const found = await resolveTopic(ctx, row, name, "not_found");
  return { row, found, topic: found.row.topic };
}

/** Throws `forbidden` for #general, of which this cannot be said. */
export function requireOwnWord({ row }: ResolvedTopic, what: string): void {
  if (row.statement !== null) return;
  throw new MeshError("forbidden", `name: #${row.name} is in every mesh, and cannot be ${what}`, {
    hint: "claudemesh topic list shows the others",
  });
}
