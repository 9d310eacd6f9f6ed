import { z } from "zod";
import { At, Signature, SignKey } from "../bytes.ts";
import { MeshId, TopicId } from "../ids.ts";
import { limits } from "../limits.ts";

/** What a topic is called: it never changes, so that a name means one topic for as long as that lives. */
export const TopicName = z
  .string()
  .regex(/^[a-z0-9-]{1,50}$/, "a topic's name is 1 to 50 lower-case letters, digits and dashes")
  .describe("topic name");
export type TopicName = z.infer<typeof TopicName>;

/** Who finds a topic: everyone in the mesh, or those whom the chain has in it. */
export const TopicVisibility = z
  .enum(["public", "private"])
  .describe("public: anyone in the mesh may join; private: only who was invited knows of it");
export type TopicVisibility = z.infer<typeof TopicVisibility>;

/** What those who come later may read of a topic's past. */
export const TopicHistory = z
  .enum(["all", "none"])
  .describe("what those who come later may read of its past");
export type TopicHistory = z.infer<typeof TopicHistory>;

/** What a topic is, signed: which id a name means, who may find it. Of one topic the highest version wins; only the description and the end differ between them. */
export const Topic = z
  .strictObject({
    v: z.literal(1),
    mesh: MeshId,
    topic: TopicId,
    version: z.int().min(1),
    name: TopicName,
    visibility: TopicVisibility,
    history: TopicHistory.optional().describe("left out: all"),
    description: z.string().max(limits.topicDescription).optional(),
    ended: z.literal(true).optional().describe("set by the version that deletes it"),
    author: SignKey,
    at: At,
    sig: Signature,
  })
  .meta({ id: "Topic" });
export type Topic = z.infer<typeof Topic>;
