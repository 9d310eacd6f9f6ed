import { nounOf } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { namedIn } from "../names/member-names.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import type { PendingWrite } from "../store/pending-writes.ts";
import { recordRow } from "../store/record-rows.ts";
import type { Outcome } from "./send-pending.ts";

/** Puts into the inbox what became of a write that waited for the broker: that it was refused or lost, or replaced what its author had not seen. Part of the caller's transaction. */
export function tellOutcome(
  ctx: DeviceContext,
  { member, mesh }: MembershipRow,
  { id, input, op }: PendingWrite,
  outcome: Outcome,
): void {
  const { key, id: named, title, seen } = input as Readonly<Record<string, unknown>>;
  const what = `${op.replace(".", " ")} ${key ?? named ?? title ?? ""}`.trim();
  const notice = { mesh, key: `pending:${id}`, at: ctx.now() };
  if ("error" in outcome) {
    const { code, detail, message } = outcome.error;
    const winner = namedIn(ctx, mesh).get(detail?.by as never)?.name;
    const by = winner === undefined ? "" : `, by ${winner}`;
    const text = `${what}, which you wrote while the broker was away, did not happen: ${message}${by}`;
    addNotice(ctx.store, { ...notice, code, text });
    return;
  }
  const { replaced, ...place } = outcome.ack;
  if (typeof seen !== "number" || replaced === 0 || replaced === seen) return;
  const before = recordRow(ctx.store, mesh, { noun: nounOf(op), ...place })?.record;
  // What waited here for the same key, and went before it, is not another's news.
  if (before?.version === replaced && before.written.at(-1)?.by === member) return;
  addNotice(ctx.store, {
    ...notice,
    code: "conflict",
    text: `${what}, which you wrote while the broker was away, replaced a newer ${nounOf(op)} than the one that you had seen`,
  });
}
