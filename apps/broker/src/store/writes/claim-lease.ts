import { takeLease } from "../queries/leases.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const claimLease: WriteFn<"claimLease"> = ({ db, log }, input) =>
  takeLease(db, log.head(input.mesh).no, input);
