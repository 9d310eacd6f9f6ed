import { MeshError } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable, type MeshLink } from "../mesh-link/links.ts";
import { getAnswer, putAnswer } from "../store/answers.ts";
import type { MembershipRow } from "../store/memberships.ts";

/** Asks the broker; where it cannot be reached, the last answer with its age in ms. Throws `offline` when none was kept. */
export async function cachedRead<T>(
  ctx: DeviceContext,
  row: MembershipRow,
  op: string,
  ask: (link: MeshLink) => Promise<T>,
): Promise<{ readonly answer: T; readonly ageMs: number }> {
  try {
    const answer = await ctx.links.using(row, ask);
    ctx.store.write(() => putAnswer(ctx.store, row.mesh, op, answer, ctx.now()));
    return { answer, ageMs: 0 };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const kept = getAnswer<T>(ctx.store, row.mesh, op);
    if (kept === undefined) throw offline(error, row);
    return { answer: kept.answer, ageMs: Math.max(1, ctx.now() - kept.at) };
  }
}

const offline = (error: unknown, { slug }: MembershipRow): unknown =>
  error instanceof MeshError
    ? new MeshError(error.code, `${error.message}; nothing of ${slug} is kept here yet`, {
        hint: "run it again when the broker can be reached",
        cause: error,
      })
    : error;
