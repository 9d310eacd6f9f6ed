import { inputFields, type MeshRecord, newestInput } from "@claudemesh/protocol";
import type { Actor } from "../../handler.ts";
import { viewOf } from "../../records/plain-view.ts";

export const describeContext = (record: MeshRecord, actor: Actor) =>
  viewOf(record, actor, (one) =>
    inputFields(newestInput(one), ["summary", "files", "findings", "tags"]),
  );
