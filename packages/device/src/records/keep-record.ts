import type { MeshRecord, RecordId, RecordProof } from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addNotice } from "../store/notices.ts";
import { putRecordRow, type RecordRow, recordRow } from "../store/record-rows.ts";
import { proofOf } from "./verify-record.ts";

/** A record with how far it is proven, as this home shows it. */
export interface KnownRecord {
  readonly record: MeshRecord;
  readonly proof: RecordProof;
}

/** replaced writes of one record that are remembered */
const pastMost = 16;

/**
 * Verifies what the broker gives and keeps it where it is newer than what is known. What is older than this home had seen before it asked, or was replaced already, or is another
 * under the same version, is told and not shown. Part of the caller's transaction.
 */
export function keepRecord(
  ctx: DeviceContext,
  { mesh }: Pick<MembershipRow, "mesh">,
  record: MeshRecord,
  askedAt: number,
): KnownRecord {
  const proof = proofOf(mesh, ctx.rosters.of(mesh), record);
  const write = record.written.at(-1)?.id as RecordId;
  if (proof === "bad") {
    tell(ctx, mesh, record, write, "is not what its author signed, and is shown as such");
    return { record, proof };
  }
  const known = recordRow(ctx.store, mesh, record);
  if (known !== undefined && !isNewer(known, record, write)) {
    const isSame = known.record.version === record.version && known.write === write;
    const cameMeanwhile = known.seenAt >= askedAt && known.record.version > record.version;
    if (!isSame && !cameMeanwhile) {
      tell(ctx, mesh, record, write, "was given in an older state than this device has seen");
    }
    // What was stored before its author was removed, or had new keys, stays as it was.
    return known;
  }
  const past =
    known === undefined || known.write === write
      ? (known?.past ?? [])
      : [...known.past, known.write];
  const seenAt = ctx.now();
  putRecordRow(ctx.store, mesh, { record, proof, write, past: past.slice(-pastMost), seenAt });
  return { record, proof };
}

const isNewer = (known: RecordRow, record: MeshRecord, write: RecordId): boolean =>
  record.version > known.record.version && known.write !== write && !known.past.includes(write);

function tell(
  { now, store }: DeviceContext,
  mesh: MembershipRow["mesh"],
  { noun, key }: MeshRecord,
  write: RecordId,
  what: string,
): void {
  addNotice(store, {
    mesh,
    key: `record:${write}:${what.length}`,
    code: "bad_signature",
    text: `${noun} ${key} ${what}: the broker lies, or was restored to an earlier state`,
    at: now(),
  });
}
