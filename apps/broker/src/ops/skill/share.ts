import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

/** A name is its first author's until the skill is removed. */
export const share: Handler<"skill.share"> = (input, ctx) =>
  writeRecord(nouns.skill.share.name, input, ctx, (now) => {
    if (now === undefined || now.author === ctx.actor.member) return;
    throw ctx.fail("conflict", "key: a skill of another member has that name", {
      hint: "choose another name, or have its author or an admin remove that skill",
      detail: { by: now.author },
    });
  });
