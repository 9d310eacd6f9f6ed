import { keepStream } from "../queries/streams.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putStream: WriteFn<"putStream"> = ({ db, log }, input) =>
  keepStream(db, log.head(input.mesh).no, input);
