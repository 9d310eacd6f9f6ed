import { newestInput } from "@claudemesh/protocol";
import { textIn, textsIn } from "../../records/input-fields.ts";
import type { ShownRecord } from "../../records/pending.ts";
import type { recordShower } from "../../records/show-record.ts";

export function showMemory(shower: ReturnType<typeof recordShower>, one: ShownRecord) {
  const input = newestInput(one.record);
  return {
    id: one.record.key,
    text: textIn(input, "text"),
    tags: textsIn(input, "tags"),
    ...shower.shown(one),
  };
}
