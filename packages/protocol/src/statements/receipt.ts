import { z } from "zod";
import { At, Hash, Signature } from "../bytes.ts";
import { DeviceId, MemberId, MeshId, MessageId, ReceiptId, SessionId } from "../ids.ts";
import { limits } from "../limits.ts";
import { RosterHead } from "./roster.ts";

/** What a recipient's device can vouch for (docs/spec/delivery.md, "States"). */
export const ReceiptState = z.enum([
  "stored",
  "offered",
  "in_context",
  "answered",
  "held",
  "refused",
  "undeliverable",
]);
export type ReceiptState = z.infer<typeof ReceiptState>;

/** A recipient's signed word on what happened to messages of one sender. `digest` pins the exact envelope that it speaks of. */
export const Receipt = z
  .strictObject({
    v: z.literal(1),
    id: ReceiptId,
    mesh: MeshId,
    member: MemberId.describe("the recipient, who signs"),
    device: DeviceId,
    session: SessionId.optional().describe("set when a session of the recipient speaks"),
    to: MemberId.describe("the sender of the messages"),
    head: RosterHead.describe("the newest roster entry that the signer has verified"),
    state: ReceiptState,
    way: z.string().max(32).optional().describe("how it was handed over"),
    reason: z.string().max(64).optional().describe("why it is held or refused"),
    items: z
      .array(z.strictObject({ id: MessageId, digest: Hash }))
      .min(1)
      .max(limits.receiptItems),
    at: At,
    sig: Signature,
  })
  .meta({ id: "Receipt" });
export type Receipt = z.infer<typeof Receipt>;
