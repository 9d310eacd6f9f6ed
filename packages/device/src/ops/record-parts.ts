import type { TopicId } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import { resolveMesh } from "../names/resolve-mesh.ts";
import type { Wrote } from "../records/write-record.ts";
import { listMemberships, type MembershipRow } from "../store/memberships.ts";
import { resolveTopic } from "../topics/resolve-topic.ts";
import { topicName } from "../topics/topic-name.ts";

/** The topic that a field names; undefined where it names none. */
export const topicIn = async (
  ctx: DeviceContext,
  row: MembershipRow,
  typed: string | undefined,
): Promise<TopicId | undefined> =>
  typed === undefined ? undefined : (await resolveTopic(ctx, row, typed, "not_found")).row.topic;

export const inMesh = ({ mesh, slug }: MembershipRow) => ({ id: mesh, slug });

/** What every write is answered with. */
export const wroteIn = (
  ctx: DeviceContext,
  row: MembershipRow,
  { ack, at, pending }: Wrote,
  topic?: TopicId,
) => ({
  mesh: inMesh(row),
  ...(topic === undefined ? {} : { topic: topicName(ctx.store, row.mesh, topic) }),
  ...(ack === undefined ? {} : { version: ack.version }),
  at,
  pending,
});

/** Asks each mesh of this home, or the one that is named. What is of several is as old as the oldest; one of several that cannot be asked is left out. */
export async function inEachMesh<T>(
  ctx: DeviceContext,
  mesh: string | undefined,
  read: (row: MembershipRow) => Promise<{ readonly items: readonly T[]; readonly ageMs: number }>,
): Promise<{ items: T[]; ageMs: number }> {
  const all = listMemberships(ctx.store);
  const rows = mesh === undefined ? all : [resolveMesh(mesh, all)];
  const read1 = async (row: MembershipRow) => {
    try {
      return await read(row);
    } catch (error) {
      if (rows.length > 1 && isUnreachable(error)) return { items: [], ageMs: 0 };
      throw error;
    }
  };
  const answers = await Promise.all(rows.map(read1));
  return {
    items: answers.flatMap(({ items }) => items),
    ageMs: Math.max(0, ...answers.map(({ ageMs }) => ageMs)),
  };
}
