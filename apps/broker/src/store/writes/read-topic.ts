import { moveReadMarker } from "../queries/topics.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const readTopic: WriteFn<"readTopic"> = ({ db, log }, input) =>
  moveReadMarker(db, log.head(input.mesh).no, input);
