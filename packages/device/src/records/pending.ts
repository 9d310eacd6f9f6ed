import {
  type MemberId,
  type MeshRecord,
  nounOf,
  recordKey,
  recordRule,
  type Written,
} from "@claudemesh/protocol";
import type { PendingWrite } from "../store/pending-writes.ts";
import type { KnownRecord } from "./keep-record.ts";

/** A record as it is shown: with what this home wrote and the broker has not taken yet. */
export interface ShownRecord extends KnownRecord {
  readonly pending: boolean;
}

const placeOf = ({ topic, key }: Pick<MeshRecord, "topic" | "key">): string =>
  JSON.stringify([topic ?? "", key]);

/** What a noun's records become by the writes that wait here; deleted ones are left out. */
export function withPending(
  noun: string,
  known: readonly KnownRecord[],
  writes: readonly PendingWrite[],
  by: MemberId,
): ShownRecord[] {
  const shown = new Map<string, ShownRecord>(
    known.map((one) => [placeOf(one.record), { ...one, pending: false }]),
  );
  for (const write of writes) {
    if (nounOf(write.op) !== noun) continue;
    const rule = recordRule(write.op);
    if (rule === undefined) continue;
    const { signed, ...input } = write.input;
    const written = {
      id: write.id,
      op: write.op,
      input: input as Written["input"],
      by,
      signed,
      at: write.at,
    };
    const key = recordKey(write.op, rule, written);
    const topic = write.input.topic as MeshRecord["topic"];
    const place = placeOf({ key, topic });
    const before = shown.get(place)?.record;
    if (rule.adds && (before === undefined || !rule.from?.includes(before.status))) continue;
    shown.set(place, {
      proof: "signed",
      pending: true,
      record: {
        noun,
        key,
        ...(topic === undefined ? {} : { topic }),
        version: before?.version ?? 0,
        status: rule.status,
        written: rule.adds ? [...(before?.written ?? []), written] : [written],
      },
    });
  }
  return [...shown.values()].filter(({ record }) => record.status !== "gone");
}
