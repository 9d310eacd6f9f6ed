import type { LocalName, Verb } from "../../runner/verb.ts";

const verb = (words: LocalName, summary: string): Verb => ({
  words,
  aliases: [],
  summary,
  args: [],
  fields: [],
  errors: [],
  does: { local: words },
});

/** What an agent's program runs by itself; without flags they start by an entry of their own, which loads next to nothing. */
export const agentSideVerbs: readonly Verb[] = [
  verb("hook", "Answer a hook of an agent; it reads the agent's JSON"),
  verb("mcp", "Serve one agent session as its MCP server"),
  verb("status-line", "Print one line for an agent's status bar"),
];
