import { insertJob } from "../queries/jobs.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const putJob: WriteFn<"putJob"> = ({ db, log }, input) =>
  insertJob(db, log.head(input.mesh).no, input);
