import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const remove: Handler<"skill.remove"> = (input, ctx) =>
  writeRecord(nouns.skill.remove.name, input, ctx, (now) => {
    const { actor, roster } = ctx;
    const role = roster.members.get(actor.member)?.role;
    if (now?.author === actor.member || role === "owner" || role === "admin") return;
    throw ctx.fail("forbidden", "key: only its author and admins remove a skill");
  });
