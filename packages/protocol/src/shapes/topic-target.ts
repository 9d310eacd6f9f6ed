import { z } from "zod";
import { MeshTarget } from "./target.ts";

const named = z.string().min(1).max(100);
const topicName = "topic name, with or without #, or its id";

/** Which topic a verb speaks of. */
export const OfTopic = MeshTarget.extend({ name: named.describe(topicName) });

/** The same, or a dm, which is read and written like a topic. */
export const OfTopicOrDm = MeshTarget.extend({
  name: named.describe(`${topicName}; @member for what the two of you write each other`),
});
