import { dropStream } from "../queries/streams.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const deleteStream: WriteFn<"deleteStream"> = ({ db, log }, input) =>
  dropStream(db, log.head(input.mesh).no, input);
