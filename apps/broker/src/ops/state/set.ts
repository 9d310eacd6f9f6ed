import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const set: Handler<"state.set"> = (input, ctx) =>
  writeRecord(nouns.state.set.name, input, ctx);
