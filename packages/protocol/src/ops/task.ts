import { z } from "zod";
import { MemberId, TaskId } from "../ids.ts";
import { op } from "../op.ts";
import { RecordAck, RecordAge, RecordAuthor, ShownRecord } from "../shapes/record.ts";
import { MeshTarget } from "../shapes/target.ts";
import { TaskPriority, TaskStatus } from "../shapes/task.ts";
import {
  InMesh,
  idNamed,
  plainRecord,
  recordErrors,
  recordMore,
  recordPage,
  signed,
  tag,
  tags,
  Wrote,
} from "./record-parts.ts";

const id = TaskId.describe("task id");
const title = z.string().min(1).max(300).describe("what is to be done, in one line");
const details = z.string().max(16_000).optional().describe("what one must know to do it");
const priority = TaskPriority.optional().describe("left out: normal");
const result = z.string().max(32_000).optional().describe("what came of it");
const reason = z.string().max(4_000).optional().describe("why it is not needed any more");
const status = TaskStatus.optional().describe("only in this status");
const Plain = z.object({
  ...plainRecord,
  status: TaskStatus.optional(),
  title: z.string().optional(),
  details,
  assignee: MemberId.optional(),
  claimedBy: MemberId.optional(),
  priority,
  result,
  reason,
  tags,
});
const ShownTask = ShownRecord.extend({
  id: z.string(),
  title: z.string(),
  status: TaskStatus,
  priority: TaskPriority,
  tags: z.array(z.string()),
  details: z.string().optional(),
  assignee: z.object({ member: MemberId, name: z.string() }).optional(),
  claimedBy: RecordAuthor.optional().describe(
    "who won it: by the broker's word over signed claims",
  ),
  result: z.string().optional().describe("signed by who claimed it"),
  reason: z.string().optional(),
  changedAt: z.int(),
  mesh: InMesh,
});
const shared = {
  kind: "command",
  since: 1,
  scope: "member",
  limit: "write",
  audit: true,
  key: { needs: "state", reach: "mesh" },
  output: RecordAck,
} as const;
const errors = [...recordErrors, "conflict", "not_found"] as const;
const ofTask = MeshTarget.extend({ id: idNamed("task") });
const WroteTask = Wrote.extend({ id: z.string(), status: TaskStatus });

export const cancel = op({
  ...shared,
  name: "task.cancel",
  record: { key: "id", status: "cancelled", from: ["open", "claimed"], adds: true },
  summary: "Cancel a task: its author, who claimed it, or an admin",
  input: z.strictObject({ id, reason, signed }),
  errors,
  open: { input: ofTask.extend({ reason }), output: WroteTask },
  rest: "POST /v1/tasks/{id}/cancel",
  cli: { args: ["id"], example: '8e728d7e --reason "not needed"' },
});

export const claim = op({
  ...shared,
  name: "task.claim",
  record: { key: "id", status: "claimed", from: ["open"], adds: true },
  summary: "Claim an open task, which exactly one peer wins",
  input: z.strictObject({ id, signed }),
  errors,
  open: { input: ofTask, output: WroteTask },
  rest: "POST /v1/tasks/{id}/claim",
  cli: { args: ["id"], example: "8e728d7e" },
  tool: "claim_task",
});

export const complete = op({
  ...shared,
  name: "task.complete",
  record: { key: "id", status: "completed", from: ["claimed"], adds: true, byLast: true },
  summary: "Complete a task that you claimed, with its result",
  input: z.strictObject({ id, result, signed }),
  errors,
  open: { input: ofTask.extend({ result }), output: WroteTask },
  rest: "POST /v1/tasks/{id}/complete",
  cli: { args: ["id", "result..."], example: "8e728d7e it was the clock" },
  tool: "complete_task",
});

export const create = op({
  ...shared,
  name: "task.create",
  record: { key: "id", status: "open", words: ["title", "details", "tags"] },
  summary: "Create a task that others can claim",
  input: z.strictObject({ title, details, assignee: MemberId.optional(), priority, tags, signed }),
  errors: [...recordErrors, "ambiguous", "conflict", "no_recipient"],
  open: {
    input: MeshTarget.extend({
      title,
      details,
      assignee: z.string().min(1).max(200).optional().describe("who is to do it, by name"),
      priority,
      tags,
    }),
    output: WroteTask.extend({ title: z.string() }),
  },
  rest: "POST /v1/tasks",
  cli: { args: ["title..."], example: "fix the build --priority high" },
  tool: "create_task",
});

export const list = op({
  name: "task.list",
  kind: "query",
  since: 1,
  scope: "member",
  limit: "read",
  key: { needs: "state", reach: "mesh" },
  summary: "List tasks, those changed last first",
  input: z.strictObject({
    status,
    assignee: MemberId.optional().describe("only those that this member has claimed, or is to do"),
    tag,
    ...recordPage,
  }),
  output: z.object({ items: z.array(Plain), ...recordMore }),
  errors: ["forbidden", "no_recipient", "ambiguous"],
  open: {
    input: MeshTarget.extend({
      status,
      assignee: z.string().min(1).max(200).optional().describe("only those of this member, or me"),
      tag,
    }),
    output: z.object({ items: z.array(ShownTask), ...RecordAge.shape }),
  },
  rest: "GET /v1/tasks",
  cli: {},
  tool: "list_tasks",
});
