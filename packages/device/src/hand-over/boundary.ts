/**
 * Where an agent session is when it can take messages in: `idle` waits for its person; `prompt` begins a turn; `tool` is after a batch of tool calls; `stop` is the end
 * of a turn; `start` the beginning of the session; `between` any other moment of its work; `pull` when it asks by itself.
 */
export type Boundary = "idle" | "prompt" | "tool" | "stop" | "start" | "between" | "pull";

/** By which way text reaches an agent, best first (docs/spec/delivery.md). */
export type Way = "inbox_socket" | "hook" | "channel" | "pull";
