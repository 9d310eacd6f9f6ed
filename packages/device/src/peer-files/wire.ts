import { At, limits, PeerFileEntry } from "@claudemesh/protocol";
import { z } from "zod";

/** What is inside a sealed request. */
export const PeerRequest = z.strictObject({
  v: z.literal(1),
  does: z.enum(["read", "list"]),
  path: z.string().max(1_024),
  from: z.int().min(0).max(limits.peerFileBytes),
  /** of the machine that asks, for the hint of the local path */
  host: z.string().max(255),
});
export type PeerRequest = z.infer<typeof PeerRequest>;

const local = z.string().max(8_192).optional();

/** What is inside a sealed answer. */
export const PeerReply = z.discriminatedUnion("is", [
  z.object({
    is: z.literal("piece"),
    bytes: z.int().min(0).max(limits.peerFileBytes),
    stamp: z.string().max(200),
    data: z.base64(),
    local,
  }),
  z.object({
    is: z.literal("list"),
    items: z
      .array(PeerFileEntry.extend({ name: z.string().max(255), changedAt: At.optional() }))
      .max(limits.peerFileEntries),
    more: z.boolean(),
    local,
  }),
  z.object({ is: z.literal("refusal"), code: z.string().max(50), message: z.string().max(500) }),
  z.object({ is: z.literal("none") }),
]);
export type PeerReply = z.infer<typeof PeerReply>;
