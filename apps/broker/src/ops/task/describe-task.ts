import {
  firstInput,
  inputFields,
  type MemberId,
  type MeshRecord,
  newestInput,
  nouns,
  type TaskStatus,
} from "@claudemesh/protocol";
import type { Actor } from "../../handler.ts";
import { viewOf } from "../../records/plain-view.ts";

/** Who claimed it; undefined while nobody has. */
export const claimantOf = ({ written }: MeshRecord): MemberId | undefined =>
  written.find(({ op }) => op === nouns.task.claim.name)?.by;

export const describeTask = (record: MeshRecord, actor: Actor) =>
  viewOf(record, actor, (one) => {
    const claimed = claimantOf(one);
    return {
      status: one.status as TaskStatus,
      ...inputFields(firstInput(one), ["title", "details", "assignee", "priority", "tags"]),
      ...inputFields(newestInput(one), ["result", "reason"]),
      ...(claimed === undefined ? {} : { claimedBy: claimed }),
    };
  });
