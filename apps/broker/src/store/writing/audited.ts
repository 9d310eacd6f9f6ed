import type { AuditFact, AuditNote } from "../audit-port.ts";
import { auditRules } from "../audit-rules.ts";
import { appendAuditRow } from "./append-audit.ts";
import type { WriteContext, WriteName } from "./write-context.ts";

/** What was asked of a named write, and for which call. */
export interface AuditedWrite {
  readonly name: WriteName;
  readonly input: unknown;
  readonly note?: AuditNote | undefined;
}

/** Adds the change's row to the audit chain, where it was one; `grew` is whether the write appended to the log. Answers what the write did. */
export async function audited(
  context: WriteContext,
  { name, input, note }: AuditedWrite,
  outcome: unknown,
  grew: () => boolean,
): Promise<unknown> {
  const value = await outcome;
  const rule = auditRules[name] as
    | ((input: unknown, value: unknown, grew: boolean) => AuditFact | undefined)
    | null;
  const fact = rule?.(input, value, grew());
  if (fact !== undefined) await appendAuditRow(context, fact, note);
  return value;
}
