import { z } from "zod";
import { At } from "../bytes.ts";
import { MemberId, MeshId, MessageId } from "../ids.ts";

/** What happens to a sender's messages: `accept` shows them, `hold` keeps them until they are released, `refuse` turns them away and tells the sender. */
export const SenderRule = z
  .enum(["accept", "hold", "refuse"])
  .describe("accept: show them; hold: keep them back; refuse: turn them away");
export type SenderRule = z.infer<typeof SenderRule>;

const Named = z.object({ member: MemberId, name: z.string() });
const InMesh = z.object({ id: MeshId, slug: z.string() });

/** A sender for whom something else than `accept` was set. */
export const GuardedSender = Named.extend({ mesh: InMesh, rule: SenderRule, at: At });

/** A message that is kept back here, and why. */
export const HeldMessage = z.object({
  id: MessageId,
  mesh: InMesh,
  from: Named,
  reason: z.string(),
  thread: MessageId,
  hop: z.int().optional(),
  chars: z.int().describe("length of its text"),
  receivedAt: At,
});

/** A thread that was stopped since agents went on in it for too long without a person. */
export const StoppedThread = z.object({
  thread: MessageId,
  mesh: InMesh,
  hops: z.int().describe("messages of agents since a person last wrote in it"),
  at: At,
});
