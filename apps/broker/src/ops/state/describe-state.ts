import { type MeshRecord, newestInput } from "@claudemesh/protocol";
import type { Actor } from "../../handler.ts";
import { viewOf } from "../../records/plain-view.ts";

export const describeState = (record: MeshRecord, actor: Actor) =>
  viewOf(record, actor, (one) => ({ value: newestInput(one).value }));
