import { z } from "zod";

const AgentSessionId = z.string().min(1).max(200);
const AgentKind = z.string().min(1).max(64);

/** What an agent's hook hands over: its own JSON as it is, and what the shim knows of the process. */
export const HookBody = z.object({
  hook: z.looseObject({ session_id: AgentSessionId, hook_event_name: z.string().max(64) }),
  env: z.record(z.string().max(64), z.string().max(4_096)),
  agent: AgentKind,
  /** names this run of the hook, for its `done` */
  call: z.string().min(1).max(100),
  /** the process that ran the hook */
  parent: z.int().min(0),
});
export type HookBody = z.infer<typeof HookBody>;

/** The hook has printed what it was answered. */
export const HookDone = z.object({ call: z.string().min(1).max(100) });

/** A tool of this session's has answered: whether there is something to be told beside it. */
export const NewsAsked = z.object({ agentSession: AgentSessionId });

/** A push-pipe introduces itself: whose child it is, and what it can do for it. */
export const PipeBody = z.object({
  agentSession: AgentSessionId,
  agent: AgentKind,
  /** the agent's process */
  pid: z.int().min(1),
  cwd: z.string().min(1).max(1_024),
  model: z.string().min(1).max(128).optional(),
  /** where the agent most likely writes its transcript; hooks know better */
  transcript: z.string().min(1).max(4_096).optional(),
  /** the mesh to be in, by slug or id; all of the home's without it */
  mesh: z.string().min(1).max(200).optional(),
  /** what its environment says that it is to be told of */
  news: z.string().max(1_000).optional(),
  can: z.object({ inboxSocket: z.boolean(), channel: z.boolean() }),
});
export type PipeBody = z.infer<typeof PipeBody>;

/** What became of a delivery: `ok` once the agent's side has taken every byte. */
export const PipeDone = z.object({
  delivery: z.string().min(1).max(100),
  ok: z.boolean(),
  error: z.string().max(1_000).optional(),
});
export type PipeDone = z.infer<typeof PipeDone>;
