import { firstInput, nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const cancel: Handler<"task.cancel"> = (input, ctx) =>
  writeRecord(nouns.task.cancel.name, input, ctx, (now) => {
    const { actor, roster } = ctx;
    const role = roster.members.get(actor.member)?.role;
    const concerned = now?.written.map(({ by }) => by) ?? [];
    if (concerned.includes(actor.member) || role === "owner" || role === "admin") return;
    if (now !== undefined && firstInput(now).assignee === actor.member) return;
    throw ctx.fail("forbidden", "only its author, who claimed it, or an admin cancels a task");
  });
