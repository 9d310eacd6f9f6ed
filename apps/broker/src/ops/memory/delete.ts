import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const del: Handler<"memory.delete"> = (input, ctx) =>
  writeRecord(nouns.memory.del.name, input, ctx);
