import { z } from "zod";
import { limits } from "../limits.ts";

/** What a skill is called, as agents call theirs. */
export const SkillName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/,
    "expected 1 to 64 lower-case letters, digits and dashes",
  )
  .describe("name of the skill");
export type SkillName = z.infer<typeof SkillName>;

const unsafePart = /^(?:\.{1,2}|)$/;

/** Where a file of a skill lies in it: relative, with `/`, without `.`, `..` and empty parts. */
export const SkillPath = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}\\:]+$/u, "a path has no control characters, backslashes and colons")
  .refine(
    (path) => !path.split("/").some((part) => unsafePart.test(part)),
    "a path is relative, without empty parts, . and ..",
  )
  .describe("path within the skill");

export const SkillFile = z.strictObject({
  path: SkillPath,
  text: z.string().max(limits.skillBytes),
});
export type SkillFile = z.infer<typeof SkillFile>;

const short = z.string().min(1).max(200);

/** What a SKILL.md says in its front matter, and what stands below it. */
export const skillFields = {
  description: z.string().min(1).max(1_024).describe("what it does, and when it is of use"),
  instructions: z.string().min(1).max(limits.skillBytes).describe("what an agent is told to do"),
  tags: z
    .array(z.string().regex(/^[^\s,\p{C}]{1,64}$/u))
    .max(16)
    .optional()
    .describe("tags, by which it is found"),
  whenToUse: z.string().min(1).max(2_000).optional().describe("when an agent should use it"),
  allowedTools: z.array(short).max(100).optional().describe("tools that it may use unasked"),
  model: short.optional().describe("model to run it with"),
  context: z.enum(["fork", "inline"]).optional().describe("fork: run it in a subagent"),
  agent: short.optional().describe("type of the subagent, with context fork"),
  userInvocable: z.boolean().optional().describe("whether people may call it by its name"),
  argumentHint: short.optional().describe("what to write behind its name"),
  files: z
    .array(SkillFile)
    .max(limits.skillFiles)
    .optional()
    .describe("files besides the instructions, as text"),
} as const;

/** A skill without its name. */
export const SkillContents = z.strictObject(skillFields);
export type SkillContents = z.infer<typeof SkillContents>;
