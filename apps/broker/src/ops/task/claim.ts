import { firstInput, nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

/** Who comes first in the log wins; what is meant for somebody only that member claims. */
export const claim: Handler<"task.claim"> = (input, ctx) =>
  writeRecord(nouns.task.claim.name, input, ctx, (now) => {
    const assignee = now && firstInput(now).assignee;
    if (assignee === undefined || assignee === ctx.actor.member) return;
    throw ctx.fail("forbidden", "the task is assigned to another member", {
      detail: { reason: "assigned", assignee },
    });
  });
