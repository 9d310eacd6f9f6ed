import { newestInput } from "@claudemesh/protocol";
import type { ShownRecord } from "../../records/pending.ts";
import type { recordShower } from "../../records/show-record.ts";

export const showState = (shower: ReturnType<typeof recordShower>, one: ShownRecord) => ({
  key: one.record.key,
  value: newestInput(one.record).value ?? null,
  ...shower.shown(one),
});
