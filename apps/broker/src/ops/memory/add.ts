import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const add: Handler<"memory.add"> = (input, ctx) =>
  writeRecord(nouns.memory.add.name, input, ctx);
