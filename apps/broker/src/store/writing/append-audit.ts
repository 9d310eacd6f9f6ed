import type { AuditFact, AuditNote } from "../audit-port.ts";
import { findAuditChain, insertAuditRow } from "../queries/audit.ts";
import type { WriteContext } from "./write-context.ts";

/** Loaded with the first row: most runs of the writer's thread hash nothing at their start. */
const hashing = async () => {
  const crypto = await import("@claudemesh/crypto/verify");
  await crypto.ready();
  return crypto;
};
let loaded: ReturnType<typeof hashing> | undefined;

/** Adds one row to a mesh's chain, inside the transaction of what it tells of: one connection writes, so that no two rows follow the same one. */
export async function appendAuditRow(
  { db, log }: WriteContext,
  fact: AuditFact,
  note: AuditNote | undefined,
): Promise<void> {
  loaded ??= hashing();
  const { auditHash, jcs } = await loaded;
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
  const hash = auditHash(body);
  await insertAuditRow(db, { mesh: mesh.no, seq: body.seq, at, hash, body: jcs(body) }, last === 0);
}
