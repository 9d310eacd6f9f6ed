import { MeshError, type TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../../context.ts";
import type { MembershipRow } from "../../store/memberships.ts";
import { type Conversation, namesDm, resolveConversation } from "../../topics/conversation.ts";
import { type ResolvedTopic, resolveTopic } from "../../topics/resolve-topic.ts";
import { targetMesh } from "../target-mesh.ts";

interface Named {
  readonly mesh?: string | undefined;
  readonly name: string;
}

/** The topic or dm that a verb speaks of; a query passes `askedMesh`. Throws what `resolveConversation` throws. */
export const conversationOf = (
  ctx: DeviceContext,
  { mesh, name }: Named,
  meshOf: typeof targetMesh = targetMesh,
): Promise<Conversation> => resolveConversation(ctx, meshOf(ctx, mesh), name);

/** The mesh and the topic that a verb speaks of which no dm knows. Throws `not_found`, `ambiguous`, `forbidden` for a dm. */
export async function topicOf(
  ctx: DeviceContext,
  { mesh, name }: Named,
): Promise<{ row: MembershipRow; found: ResolvedTopic; topic: TopicId }> {
  const row = targetMesh(ctx, mesh);
  if (namesDm(name)) throw isDm(name);
  const found = await resolveTopic(ctx, row, name, "not_found");
  return { row, found, topic: found.row.topic };
}

const isDm = (name: string): MeshError =>
  new MeshError("forbidden", `name: ${name} is a dm: nobody joins, leaves or changes it`, {
    hint: "for more than two: claudemesh topic create <name> --visibility private",
  });

/** Throws `forbidden` for #general, of which this cannot be said. */
export function requireOwnWord({ row }: ResolvedTopic, what: string): void {
  if (row.statement !== null) return;
  throw new MeshError("forbidden", `name: #${row.name} is in every mesh, and cannot be ${what}`, {
    hint: "claudemesh topic list shows the others",
  });
}
