import { z } from "zod";
import { bytes } from "../bytes.ts";
import { MeshId, TopicId } from "../ids.ts";

/** The key of one mesh epoch. */
export const EpochKey = z.strictObject({ epoch: z.int().min(0), key: bytes(32, "mesh key") });
export type EpochKey = z.infer<typeof EpochKey>;

/** One version of a private topic's key. */
export const TopicKey = z.strictObject({
  topic: TopicId,
  version: z.int().min(1),
  key: bytes(32, "topic key"),
});
export type TopicKey = z.infer<typeof TopicKey>;

/** Every key that a member holds in one mesh, in ascending order. Secret: it leaves a device sealed only. */
export const KeyRingContents = z.strictObject({
  v: z.literal(1),
  mesh: MeshId,
  epochs: z.array(EpochKey).max(100_000),
  topics: z.array(TopicKey).max(100_000),
});
export type KeyRingContents = z.infer<typeof KeyRingContents>;
