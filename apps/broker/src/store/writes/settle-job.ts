import { moveJob } from "../queries/jobs.ts";
import type { WriteFn } from "../writing/write-context.ts";

/** What a job says is in the log if and only if it has moved on. */
export const settleJob: WriteFn<"settleJob"> = async ({ db, log }, input) => {
  const mesh = log.head(input.mesh);
  if (!(await moveJob(db, mesh.no, input))) return "moved";
  for (const entry of input.entries) log.append(mesh, entry);
  return "settled";
};
