import { firstInput, type MeshRecord } from "@claudemesh/protocol";

/** Whether a record was made with this tag; every one where none is asked for. */
export function hasTag(record: MeshRecord, tag: string | undefined): boolean {
  if (tag === undefined) return true;
  const { tags } = firstInput(record);
  return Array.isArray(tags) && tags.includes(tag);
}
