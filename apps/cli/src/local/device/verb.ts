import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";

const text = (name: string, description: string): Field => ({
  name,
  flag: name,
  kind: "text",
  required: false,
  description,
});

const flag = (name: string, description: string): Field => ({
  ...text(name, description),
  kind: "boolean",
});

/** Links a device: at a terminal in one go, else step by step, the daemon keeping the link between them. */
export const deviceLinkVerb: Verb = {
  words: "device link",
  aliases: [],
  summary: "Make a new device one of yours, or this one where it is empty",
  args: [{ field: "code", rest: false }],
  fields: [
    text("code", "code that the new device shows; without it this home is the new one"),
    text("broker", "URL of the broker over which the devices meet; yours are tried without it"),
    text("confirm", "the number that both devices show, once it was compared"),
    flag("refuse", "end the link: the numbers differ, or it is not wanted"),
    flag("wait", "on the new device: wait for the other one and show the number"),
  ],
  errors: ["bad_signature", "cancelled", "conflict", "exists", "expired", "not_found", "offline"],
  does: { local: "device-link" },
};
