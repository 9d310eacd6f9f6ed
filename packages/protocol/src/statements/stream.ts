import { z } from "zod";
import { At, bytesUpTo, Signature, SignKey } from "../bytes.ts";
import { DeviceId, MemberId, MeshId, TopicId } from "../ids.ts";
import { limits } from "../limits.ts";

/** What a stream is called, in its mesh or in a topic of it. */
export const StreamName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,49}$/,
    "expected 1 to 50 lower-case letters, digits, dots, dashes or _",
  )
  .describe("name of the stream");
export type StreamName = z.infer<typeof StreamName>;

/** Something published to a stream: sealed under the key of the mesh or topic that the stream is in, and signed. `n` counts a device's items of one stream from 1 in each `run`, so that a lost one shows as a gap. */
export const StreamItem = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    stream: StreamName,
    topic: TopicId.optional(),
    member: MemberId,
    device: DeviceId,
    run: z.string().regex(/^[0-9a-f]{16}$/, "expected 16 hex digits"),
    n: z.int().min(1),
    keyVersion: z.int().min(0).describe("epoch, or version of a private topic's own key"),
    at: At,
    sealed: bytesUpTo(limits.streamSealedBytes, "ciphertext"),
    author: SignKey,
    sig: Signature,
  })
  .meta({ id: "StreamItem" });
export type StreamItem = z.infer<typeof StreamItem>;
