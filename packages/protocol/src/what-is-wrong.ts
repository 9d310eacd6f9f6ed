import type { z } from "zod";

/** what the schema library says by itself, for programmers; a schema's own words stand as they are */
const unsaid = /^(?:Invalid (?:input|option)|Too (?:small|big)|Unrecognized)/;

const kinds: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "an object",
  record: "an object",
  string: "a text",
};

/** What is wrong with a value, in a few words to follow the name of its field. */
export function whatIsWrong(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "not valid";
  if (!unsaid.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      if (issue.message.endsWith("received undefined")) return "it is missing";
      return `it is not ${kinds[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `it is not ${issue.values.length === 1 ? "" : "one of "}${issue.values.join(", ")}`;
    case "too_small":
      return `it has to be at least ${issue.minimum}${counted[issue.origin] ?? ""}`;
    case "too_big":
      return `it may be at most ${issue.maximum}${counted[issue.origin] ?? ""}`;
    case "unrecognized_keys":
      return `there is no field ${issue.keys.join(", ")}`;
    default:
      return issue.message;
  }
}

const counted: Readonly<Record<string, string>> = {
  array: " long",
  set: " long",
  string: " characters long",
};
