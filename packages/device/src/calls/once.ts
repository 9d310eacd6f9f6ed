import { OrderedIds, sha256, utf8, uuidv7 } from "@claudemesh/crypto";
import type { JobId, RecordId } from "@claudemesh/protocol";

/** Of a call that is carried out once, however often it is begun: when that was first, and ids for what it writes, which are the same each time. */
export interface Once {
  readonly at: number;
  readonly ids: OrderedIds;
  recordId(): RecordId;
}

/** What a job writes for one of its times. */
export function onceFor(job: JobId, planned: number, at: number): Once {
  let drawn = 0;
  const random = (length: number) =>
    sha256(utf8(`${job}\n${planned}\n${drawn++}`)).subarray(0, length);
  return {
    at,
    ids: new OrderedIds(() => planned, random),
    recordId: () => `rec_${uuidv7(planned, random)}` as RecordId,
  };
}
