import { endLeases } from "../queries/leases.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const releaseLeases: WriteFn<"releaseLeases"> = ({ db, log }, input) =>
  endLeases(db, log.head(input.mesh).no, input);
