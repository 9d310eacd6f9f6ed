import { commandOf, type Program } from "../program.ts";

/** What a hook may take before Claude Code goes on without it, s; the hook itself gives up much sooner. */
const timeoutSeconds = 10;

/**
 * The moments at which a session may be given messages or says how it is: its start and end, the start of a turn, between two batches of tool calls, the
 * end of a turn, and when it has been idle for a minute.
 */
const events = [
  "SessionStart",
  "UserPromptSubmit",
  "PostToolBatch",
  "Stop",
  "Notification",
  "SessionEnd",
] as const;

export interface HookGroup {
  readonly hooks: readonly Record<string, unknown>[];
}

/** Hook event to the one group that runs `claudemesh hook`, without a shell. */
export function hookTable(program: Program): Readonly<Record<string, readonly HookGroup[]>> {
  const group = {
    hooks: [{ type: "command", ...commandOf(program, "hook"), timeout: timeoutSeconds }],
  };
  return Object.fromEntries(events.map((event) => [event, [group]]));
}
