import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const create: Handler<"task.create"> = (input, ctx) => {
  if (input.assignee !== undefined && !ctx.roster.isMember(input.assignee)) {
    throw ctx.fail("no_recipient", "assignee: not a member of the mesh");
  }
  return writeRecord(nouns.task.create.name, input, ctx);
};
