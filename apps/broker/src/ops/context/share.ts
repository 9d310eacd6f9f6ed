import { nouns } from "@claudemesh/protocol";
import type { Handler } from "../../handler.ts";
import { writeRecord } from "../../records/write-record.ts";

export const share: Handler<"context.share"> = (input, ctx) =>
  writeRecord(nouns.context.share.name, input, ctx);
