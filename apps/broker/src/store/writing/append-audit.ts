import { auditRow } from "@claudemesh/crypto/audit-hash";
import type { AuditFact, AuditNote } from "../audit-port.ts";
import { findAuditChain, insertAuditRow } from "../queries/audit.ts";
import type { WriteContext } from "./write-context.ts";

/** Adds one row to a mesh's chain, inside the transaction of what it tells of: one connection writes, so that no two rows follow the same one. */
export async function appendAuditRow(
  { db, log }: WriteContext,
  fact: AuditFact,
  note: AuditNote | undefined,
): Promise<void> {
  const mesh = log.head(fact.mesh);
  const { seq: last, hash: prev } = await findAuditChain(db, mesh.no);
  const { act, about, ref, at } = fact;
  const body = {
    v: 1 as const,
    mesh: fact.mesh,
    seq: last + 1,
    at,
    act,
    op: note?.op,
    by: note?.by ?? fact.by,
    about,
    ref,
    prev,
  };
  const { text, hash } = auditRow(body);
  await insertAuditRow(db, { mesh: mesh.no, seq: body.seq, at, hash, body: text }, last === 0);
}
