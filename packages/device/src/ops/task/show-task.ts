import {
  firstInput,
  MemberId,
  newestInput,
  nouns,
  TaskPriority,
  TaskStatus,
} from "@claudemesh/protocol";
import { optionalText, textIn, textsIn } from "../../records/input-fields.ts";
import type { ShownRecord } from "../../records/pending.ts";
import type { recordShower } from "../../records/show-record.ts";

/** A task, by what each of its writes says: its author made it, one claimed it, and that one's result is its own. */
export function showTask(shower: ReturnType<typeof recordShower>, one: ShownRecord) {
  const { key, status, written } = one.record;
  const made = firstInput(one.record);
  const last = newestInput(one.record);
  const claim = written.find(({ op }) => op === nouns.task.claim.name);
  const assignee = MemberId.safeParse(made.assignee);
  const priority = TaskPriority.safeParse(made.priority);
  return {
    id: key,
    title: textIn(made, "title"),
    // Another status is none that a writer of tasks gives: the record is a bad one, and says so.
    status: TaskStatus.catch("cancelled").parse(status),
    priority: priority.success ? priority.data : ("normal" as const),
    tags: textsIn(made, "tags"),
    ...optionalText(made, "details"),
    ...(assignee.success
      ? { assignee: { member: assignee.data, name: shower.nameOf(assignee.data) } }
      : {}),
    ...(claim === undefined ? {} : { claimedBy: shower.authorOf(claim) }),
    ...optionalText(last, "result"),
    ...optionalText(last, "reason"),
    ...shower.shown(one, written[0]),
    changedAt: written.at(-1)?.signed?.at ?? written.at(-1)?.at ?? 0,
  };
}
