import { z } from "zod";
import { limits } from "../limits.ts";
import { Hello } from "../statements/hello.ts";
import { Receipt } from "../statements/receipt.ts";

/** What a longer `traceparent` would say is passed over. */
export const mostTraceChars = 200;

const CallId = z.string().min(1).max(40);

/** Opens a member's connection. A `feed` gets the log from its cursor and is the only one of its device; a `call` connection only asks. */
export const HelloFrame = z.strictObject({
  type: z.literal("hello"),
  hello: Hello,
  purpose: z.enum(["feed", "call"]),
  cursor: z.string().max(400).optional().describe("the broker's own token, given back"),
  client: z.string().max(64).optional().describe("name and version of the program"),
});

/** Asks for one operation; answered by one `reply` with the same id. `input` is parsed by the operation's own schema. */
export const CallFrame = z.strictObject({
  type: z.literal("call"),
  id: CallId,
  op: z.string().max(64),
  input: z.unknown(),
  trace: z
    .string()
    .max(mostTraceChars)
    .optional()
    .describe(
      "where the caller's own trace stands (W3C `traceparent`), if the challenge said `traces`",
    ),
});

/** What this device has stored durably (everything up to `ack`), with signed receipts; answered by a `reply` holding the new cursor. */
export const ReceiptFrame = z.strictObject({
  type: z.literal("receipt"),
  id: CallId,
  ack: z.int().min(0).optional(),
  receipts: z.array(Receipt).max(limits.receiptsPerFrame),
});

/** The caller no longer waits; the broker may stop working on it. */
export const CancelFrame = z.strictObject({ type: z.literal("cancel"), id: CallId });

/** Everything that a client may send. */
export const UpFrame = z.discriminatedUnion("type", [
  HelloFrame,
  CallFrame,
  ReceiptFrame,
  CancelFrame,
]);
export type UpFrame = z.infer<typeof UpFrame>;

/** The answer to a receipt frame. */
export const ReceiptReply = z.object({ cursor: z.string(), seq: z.int() });
export type ReceiptReply = z.infer<typeof ReceiptReply>;
