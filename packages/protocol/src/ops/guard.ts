import { z } from "zod";
import { MemberId, MeshId, MessageId } from "../ids.ts";
import { op } from "../op.ts";
import { GuardedSender, HeldMessage, SenderRule, StoppedThread } from "../shapes/guard.ts";
import { MeshTarget } from "../shapes/target.ts";

const InMesh = z.object({ id: MeshId, slug: z.string() });
const nothing = z.strictObject({});

export const release = op({
  name: "guard.release",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Let a stopped thread or a held message go on",
  input: nothing,
  output: z.object({}),
  errors: ["not_found", "ambiguous"],
  open: {
    input: MeshTarget.extend({
      id: z.string().min(1).max(60).describe("id of a thread or of a message in it, or its end"),
    }),
    output: z.object({
      mesh: InMesh,
      thread: MessageId,
      restarted: z.boolean().describe("the count of the thread's messages began anew"),
      released: z.array(MessageId).describe("messages that were held and are shown now"),
    }),
  },
  cli: { args: ["id"] },
});

export const set = op({
  name: "guard.set",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "write",
  summary: "Choose whether what someone sends is accepted, held or refused",
  input: nothing,
  output: z.object({}),
  errors: ["no_recipient", "ambiguous"],
  open: {
    input: MeshTarget.extend({
      peer: z.string().min(1).max(200).describe("name, or key prefix of 8 or more hex digits"),
      rule: SenderRule,
    }),
    output: z.object({
      mesh: InMesh,
      member: MemberId,
      name: z.string(),
      rule: SenderRule,
      released: z.array(MessageId).describe("messages that were held and are shown now"),
    }),
  },
  cli: { args: ["peer", "rule"] },
});

export const status = op({
  name: "guard.status",
  kind: "query",
  since: 1,
  scope: "device",
  limit: "read",
  summary: "Show what guards your agents, and what is held",
  input: nothing,
  output: z.object({}),
  errors: [],
  open: {
    input: MeshTarget,
    output: z.object({
      limits: z.object({
        hops: z.int().describe("messages of agents in a thread without a person"),
        burst: z.int().describe("messages of agents to one recipient in `burstMs`"),
        burstMs: z.int(),
        repeatMs: z.int().describe("the same text to the same recipient counts once in this time"),
      }),
      senders: z.array(GuardedSender).describe("senders with a rule other than accept"),
      held: z.array(HeldMessage),
      stopped: z.array(StoppedThread),
    }),
  },
  cli: {},
  tool: "guard_status",
});
