import { dropJob } from "../queries/jobs.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const deleteJob: WriteFn<"deleteJob"> = ({ db, log }, input) =>
  dropJob(db, log.head(input.mesh).no, input);
