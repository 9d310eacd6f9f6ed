import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const del: Handler<"state.delete"> = (input, ctx) =>
  writeRecord(nouns.state.del.name, input, ctx);
