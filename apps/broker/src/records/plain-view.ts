import type { MeshRecord } from "@claudemesh/protocol";
import type { Actor } from "../handler.ts";

/**
 * A record as its reader needs it: a device gets it with its signatures, and a program with an API key, which verifies nothing, what `fields` makes of the newest input.
 */
export function viewOf<F extends object>(
  record: MeshRecord,
  { key }: Actor,
  fields: (record: MeshRecord) => F,
): { key: string; topic?: MeshRecord["topic"]; version: number } & Partial<F> {
  const { topic, version } = record;
  const place = { key: record.key, ...(topic === undefined ? {} : { topic }), version };
  if (key === undefined) return { ...place, record } as never;
  return { ...place, ...fields(record), ...authorFields(record) } as never;
}

/** Who wrote what there is now, by the broker's word. */
function authorFields({ written }: MeshRecord) {
  const last = written.at(-1);
  if (last === undefined) return {};
  const apiKey = last.via === undefined ? {} : { apiKey: last.via.key };
  return { author: { member: last.by, ...apiKey }, at: last.at };
}
