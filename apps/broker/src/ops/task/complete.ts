import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const complete: Handler<"task.complete"> = (input, ctx) =>
  writeRecord(nouns.task.complete.name, input, ctx);
