import { type Roster, verifyRecord } from "@claudemesh/crypto";
import {
  type MeshId,
  type MeshRecord,
  nounOf,
  type RecordProof,
  recordKey,
  recordRule,
  type Written,
} from "@claudemesh/protocol";

/** The weakest of them decides about a record. */
const strength: Readonly<Record<RecordProof, number>> = {
  bad: 0,
  unsigned: 1,
  time_unproven: 2,
  signed: 3,
};

/**
 * How far a record is what its authors wrote: every write in it is signed, for this mesh, record and topic, by whom it names, and each may follow the one before. In which order writes
 * came, and which of two won, is the broker's word.
 */
export function proofOf(mesh: MeshId, roster: Roster, record: MeshRecord): RecordProof {
  let status: string | undefined;
  let proof: RecordProof = "signed";
  for (const [index, one] of record.written.entries()) {
    const rule = recordRule(one.op);
    if (rule === undefined || nounOf(one.op) !== record.noun) return "bad";
    if ((rule.adds === true) !== index > 0) return "bad";
    if (recordKey(one.op, rule, one) !== record.key || one.input.topic !== record.topic)
      return "bad";
    if (index > 0 && rule.from?.includes(status ?? "") !== true) return "bad";
    if (rule.byLast && one.by !== record.written[index - 1]?.by) return "bad";
    const own = proofOfWrite(mesh, roster, one);
    if (strength[own] < strength[proof]) proof = own;
    status = rule.status;
  }
  return status === record.status ? proof : "bad";
}

/** How far one write is its author's. */
export function proofOfWrite(
  mesh: MeshId,
  roster: Roster,
  { op, input, by, id, via, signed }: Written,
): RecordProof {
  if (signed === undefined) return via === undefined ? "bad" : "unsigned";
  const author = roster.memberByKey(signed.author);
  if (author?.id !== by || signed.id !== id || via !== undefined) return "bad";
  try {
    verifyRecord({ mesh, op, input }, signed);
  } catch {
    return "bad";
  }
  // Who is out, or was given new keys, may have lost the old ones: when that was signed nobody can tell.
  return roster.isMember(by) && author.keys.sign === signed.author ? "signed" : "time_unproven";
}
