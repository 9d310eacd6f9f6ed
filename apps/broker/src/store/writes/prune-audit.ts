import { pruneAuditRows } from "../queries/audit.ts";
import type { WriteFn } from "../writing/write-context.ts";

export const pruneAudit: WriteFn<"pruneAudit"> = ({ db, log }, { mesh, anchor }) =>
  pruneAuditRows(db, log.head(mesh).no, anchor);
