import { newestInput } from "@claudemesh/protocol";
import { textIn, textsIn } from "../../records/input-fields.ts";
import type { ShownRecord } from "../../records/pending.ts";
import type { recordShower } from "../../records/show-record.ts";

export function showContext(shower: ReturnType<typeof recordShower>, one: ShownRecord) {
  const input = newestInput(one.record);
  return {
    summary: textIn(input, "summary"),
    files: textsIn(input, "files"),
    findings: textsIn(input, "findings"),
    tags: textsIn(input, "tags"),
    ...shower.shown(one),
  };
}
