import type { HookBody } from "@claudemesh/local-link";

/** What an event of an agent's hooks means here. */
export interface HookEvent {
  readonly name: string;
  readonly agentSession: string;
  /** at which boundary the session is; undefined where nothing may be handed to it */
  readonly boundary: "start" | "prompt" | "tool" | "stop" | undefined;
  /** what the session does once the event is over and nothing was handed to it */
  readonly status: "idle" | "working" | undefined;
  readonly isStart: boolean;
  /** why the session ended, where it did */
  readonly ended: string | undefined;
  /** what begins the turn, at the start of one; undefined also where it was too long to pass on */
  readonly prompt: string | undefined;
  readonly transcript: string | undefined;
  readonly cwd: string | undefined;
  readonly model: string | undefined;
}

type Meaning = Pick<HookEvent, "boundary" | "status">;

const nothing: Meaning = { boundary: undefined, status: undefined };
const working: Meaning = { boundary: undefined, status: "working" };
const idle: Meaning = { boundary: undefined, status: "idle" };

/** The events of Claude Code that say where a session is; of all others only that it lives. */
const meanings: Readonly<Record<string, Meaning>> = {
  PostToolBatch: { boundary: "tool", status: "working" },
  PostToolUse: { boundary: "tool", status: "working" },
  PreCompact: working,
  PreToolUse: working,
  SessionStart: { boundary: "start", status: "idle" },
  Stop: { boundary: "stop", status: "idle" },
  StopFailure: idle,
  UserPromptSubmit: { boundary: "prompt", status: "working" },
};

/** Reads one hook input; unknown events and fields are passed over, since agents gain new ones with every release. */
export function hookEvent({ hook }: HookBody): HookEvent {
  const { session_id: agentSession, hook_event_name: name } = hook;
  return {
    name,
    agentSession,
    ...meaningOf(name, hook),
    isStart: name === "SessionStart",
    ended: name === "SessionEnd" ? (text(hook.reason) ?? "ended") : undefined,
    prompt:
      name === "UserPromptSubmit" && typeof hook.prompt === "string" ? hook.prompt : undefined,
    transcript: text(hook.transcript_path),
    cwd: text(hook.cwd),
    model: text(hook.model),
  };
}

function meaningOf(name: string, hook: Readonly<Record<string, unknown>>): Meaning {
  const known = Object.hasOwn(meanings, name) ? (meanings[name] ?? nothing) : nothing;
  // What a subagent is told its parent does not see.
  if (hook.agent_id !== undefined) return known === nothing ? nothing : working;
  if (name === "Notification") return hook.notification_type === "idle_prompt" ? idle : nothing;
  // A turn that goes on because of a Stop hook must come to its end once.
  if (name === "Stop" && hook.stop_hook_active === true) return idle;
  // In the middle of a turn the agent makes room for itself.
  if (name === "SessionStart" && hook.source === "compact") return nothing;
  return known;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= 4_096 ? value : undefined;

/** What the hook prints so that the agent sees `context` at this event. */
export const hookOutput = (event: string, context: string): string =>
  JSON.stringify({ hookSpecificOutput: { hookEventName: event, additionalContext: context } });
