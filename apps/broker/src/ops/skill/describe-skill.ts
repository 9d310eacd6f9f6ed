import { type MeshRecord, newestInput, SkillContents } from "@claudemesh/protocol";
import type { Actor } from "../../handler.ts";
import { viewOf } from "../../records/plain-view.ts";

export const describeSkill = (record: MeshRecord, actor: Actor) =>
  viewOf(record, actor, (one) => {
    const { key: _key, ...fields } = newestInput(one);
    return SkillContents.partial().parse(fields);
  });
