import { newRecordId, signRecord } from "@claudemesh/crypto";
import {
  type RecordAck,
  type RecordId,
  recordKey,
  recordRule,
  type WireOpName,
  type Written,
} from "@claudemesh/protocol";
import type { DeviceContext } from "../context.ts";
import { isUnreachable } from "../mesh-link/links.ts";
import type { MembershipRow } from "../store/memberships.ts";
import { addPendingWrite } from "../store/pending-writes.ts";
import { sendingOf, sendPending } from "./send-pending.ts";

/** What became of a write: taken by the broker, or kept here until that can be reached. */
export interface Wrote {
  readonly key: string;
  readonly at: number;
  readonly pending: boolean;
  readonly ack?: RecordAck;
}

/**
 * Signs a write of shared data, keeps it durably and sends it, after those that wait already. Throws what the broker refuses it with; where that cannot be reached the write stays, as
 * pending, and is sent once.
 */
export async function writeRecord(
  ctx: DeviceContext,
  row: MembershipRow,
  op: WireOpName,
  fields: Readonly<Record<string, unknown>>,
): Promise<Wrote> {
  const [wrote] = await writeRecords(ctx, row, op, [fields]);
  if (wrote === undefined) throw new TypeError("one write, one answer");
  return wrote;
}

/** As `writeRecord`, for several of an operation: all of them are kept, or none. What is refused does not hold up the others; the first of it is thrown. */
export async function writeRecords(
  ctx: DeviceContext,
  row: MembershipRow,
  op: WireOpName,
  all: readonly Readonly<Record<string, unknown>>[],
): Promise<Wrote[]> {
  const rule = recordRule(op);
  if (rule === undefined) throw new TypeError(`${op} writes no record`);
  const { mesh, member, device } = row;
  const at = ctx.once?.at ?? ctx.now();
  const writes = all.map((fields) => {
    const id: RecordId = ctx.once?.recordId() ?? newRecordId(ctx.now, ctx.random);
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    const input = Object.fromEntries(given) as Written["input"];
    const signed = signRecord({ mesh, op, input }, { id, device, at }, ctx.secretOf(row).signer);
    return { id, input, signed, key: recordKey(op, rule, { input, by: member, id }) };
  });
  const sending = sendingOf(ctx, mesh);
  for (const { id } of writes) sending.waited.add(id);
  try {
    ctx.store.write(() => {
      for (const { id, input, signed } of writes) {
        addPendingWrite(ctx.store, { mesh, id, op, input: { ...input, signed }, at });
      }
    });
    await sendPending(ctx, row).catch((error) => {
      // The connection may fail before anything was sent.
      if (!isUnreachable(error)) throw error;
    });
    return writes.map(({ id, key }) => {
      const outcome = sending.outcomes.get(id);
      if (outcome === undefined) return { key, at, pending: true };
      if ("error" in outcome) throw outcome.error;
      return { key, at: outcome.ack.at, pending: false, ack: outcome.ack };
    });
  } finally {
    for (const { id } of writes) {
      sending.waited.delete(id);
      sending.outcomes.delete(id);
    }
  }
}
