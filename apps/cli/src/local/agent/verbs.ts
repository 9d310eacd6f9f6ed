import type { Field } from "../../runner/field.ts";
import type { Verb } from "../../runner/verb.ts";

const field = (
  name: string,
  flag: string,
  kind: Field["kind"],
  description: string,
  more: Partial<Field> = {},
): Field => ({ name, flag, kind, required: false, description, ...more });

/** Verbs that bring claudemesh into an agent's program, sorted by their words. */
export const agentVerbs: readonly Verb[] = [
  {
    words: "doctor",
    aliases: [],
    summary: "Look at each part of this installation and say what is wrong",
    args: [],
    fields: [field("fix", "fix", "boolean", "mend what can be mended")],
    errors: ["home_damaged", "not_writable"],
    does: { local: "doctor" },
  },
  {
    words: "install",
    aliases: [],
    summary: "Bring claudemesh into Claude Code: hooks, push and skills",
    args: [],
    fields: [
      field(
        "hooks",
        "hooks",
        "boolean",
        "give messages between tool calls; --no-hooks leaves them out",
        {
          default: true,
        },
      ),
      field(
        "statusLine",
        "status-line",
        "boolean",
        "show mesh, peers and unread in the status line",
      ),
    ],
    errors: ["agent_missing", "home_damaged", "not_writable"],
    does: { local: "install" },
  },
  {
    words: "launch",
    aliases: [],
    summary: "Start Claude Code in a mesh; what follows -- goes to it",
    args: [],
    passesOn: true,
    fields: [
      field("continue", "continue", "boolean", "go on with the last conversation of this folder"),
      field("join", "join", "text", "join with this invite link or code first"),
      field("mesh", "mesh", "text", "only in this mesh; without it, in all of this home"),
      field("name", "name", "text", "the session's name, as others see it"),
      field("resume", "resume", "text", "go on with this conversation"),
      field("systemPrompt", "system-prompt", "text", "replaces Claude Code's system prompt"),
    ],
    errors: ["agent_missing", "expired", "exhausted", "not_found", "revoked"],
    does: { local: "launch" },
  },
  {
    words: "uninstall",
    aliases: [],
    summary: "Take claudemesh out of Claude Code again, and nothing else",
    args: [],
    fields: [],
    errors: ["home_damaged", "not_writable"],
    does: { local: "uninstall" },
  },
];
