import { MeshError } from "@claudemesh/protocol";
import type { AuditFact } from "../store/audit-port.ts";
import { BatchWriter } from "../store/sqlite/batch-writer.ts";

/** Adds what an operator has done to the audit chains of a database that no broker holds. */
export async function writeAudit(path: string, facts: readonly AuditFact[]): Promise<void> {
  const writer = new BatchWriter(path);
  try {
    const requests = facts.map((input) => ({ name: "appendAudit" as const, input }));
    const { results } = await writer.run(requests);
    for (const result of results) {
      if (typeof result === "object" && "error" in result) throw MeshError.fromBody(result.error);
    }
  } finally {
    writer.close();
  }
}
