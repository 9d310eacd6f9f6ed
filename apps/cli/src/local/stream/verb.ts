import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";

const text = (name: string, description: string): Field => ({
  name,
  flag: name,
  kind: "text",
  required: false,
  description,
});

/** Follows a stream until it is stopped. */
export const streamSubscribeVerb: Verb = {
  words: "stream subscribe",
  aliases: [],
  summary: "Print what comes over a stream, until it is stopped",
  args: [{ field: "name", rest: false }],
  example: "builds",
  fields: [
    { ...text("name", "name of the stream"), required: true },
    text("topic", "topic that the stream is for, by name or id"),
    { ...text("count", "end after so many"), kind: "number" },
    text("mesh", "slug or id of the mesh"),
  ],
  errors: ["forbidden", "not_found", "offline"],
  does: { local: "stream-subscribe" },
};
