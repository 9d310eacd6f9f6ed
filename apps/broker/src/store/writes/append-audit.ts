import type { WriteFn } from "../writing/write-context.ts";

/** Nothing but the row, which the rule of this write gives. */
export const appendAudit: WriteFn<"appendAudit"> = () => undefined;
