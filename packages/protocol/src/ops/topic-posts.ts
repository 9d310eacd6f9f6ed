import { z } from "zod";
import { MessageId } from "../ids.ts";
import { op } from "../op.ts";
import { MeshTarget } from "../shapes/target.ts";
import { OfTopicOrDm } from "../shapes/topic-target.ts";
import { send } from "./message.ts";

// What is posted, and what is said of a post: the part of the family `topic` that has no wire form of its own.
const OfPost = MeshTarget.extend({
  id: z.string().min(1).max(60).describe("message id, or its end"),
});
const nothing = { input: z.strictObject({}), output: z.object({}) };

export const edit = op({
  name: "topic.edit",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Replace the text of your own post",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfPost.extend({
      text: z.string().max(60_000).regex(/\S/, "says nothing").describe("the new text"),
    }),
    output: z.object({ id: MessageId, state: send.open.output.shape.state }),
  },
  cli: { args: ["id", "text..."] },
});

export const pin = op({
  name: "topic.pin",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Pin a post to its topic, or take the pin off",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfPost.extend({ off: z.boolean().default(false).describe("take the pin off") }),
    output: z.object({ id: MessageId, pinned: z.boolean() }),
  },
  cli: { args: ["id"] },
});

export const post = op({
  name: "topic.post",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Post to a topic",
  ...nothing,
  errors: send.errors,
  open: {
    input: OfTopicOrDm.extend({
      text: send.open.input.shape.text,
      priority: send.open.input.shape.priority,
      intent: send.open.input.shape.intent,
      replyTo: send.open.input.shape.replyTo,
    }),
    output: send.open.output,
  },
  cli: { args: ["name", "text..."] },
});

export const react = op({
  name: "topic.react",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "React to a post with a sign, or take the sign back",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: {
    input: OfPost.extend({
      emoji: z
        .string()
        .max(32)
        .regex(/^\S+$/u, "a sign is one word or emoji")
        .describe("the sign, such as 👍"),
      off: z.boolean().default(false).describe("take the sign back"),
    }),
    output: z.object({ id: MessageId, emoji: z.string() }),
  },
  cli: { args: ["id", "emoji"] },
});

export const retract = op({
  name: "topic.retract",
  kind: "command",
  since: 1,
  scope: "device",
  limit: "message",
  summary: "Take your own post back: its text is shown no more",
  ...nothing,
  errors: ["not_found", "ambiguous"],
  open: { input: OfPost, output: edit.open.output },
  cli: { args: ["id"] },
});
