// What is asked over the link, without the schemas: a verb needs no more. `contract.ts` has what each route takes and answers.

/** Every route of the daemon besides the operations, which are `POST /v1/ops/<name>`. Sorted. */
export const paths = {
  agentHook: { method: "POST", path: "/v1/agent/hook" },
  agentHookDone: { method: "POST", path: "/v1/agent/hook/done" },
  agentNews: { method: "POST", path: "/v1/agent/news" },
  agentPipe: { method: "POST", path: "/v1/agent/pipe" },
  agentPipeDone: { method: "POST", path: "/v1/agent/pipe/done" },
  cancel: { method: "POST", path: "/v1/cancel" },
  confirm: { method: "POST", path: "/v1/confirm" },
  drain: { method: "POST", path: "/v1/drain" },
  events: { method: "GET", path: "/v1/events" },
  hello: { method: "GET", path: "/v1/hello" },
  personal: { method: "POST", path: "/v1/personal" },
  rebase: { method: "POST", path: "/v1/rebase" },
  status: { method: "GET", path: "/v1/status" },
  stop: { method: "POST", path: "/v1/stop" },
  whoami: { method: "GET", path: "/v1/whoami" },
} as const;

/** The one name under which the daemon answers. */
export const localHost = "claudemesh.local";

/** Where operations are called: the name follows. */
export const opsPath = "/v1/ops/";

/** Bytes that a request's body may have; a message is far smaller. */
export const mostBodyBytes = 1024 * 1024;

/** Header fields of the local link, all optional. */
export const headers = {
  /** names the caller across its connections: what it was shown and what it waits for are its own; it is gone when its last connection is */
  reader: "claudemesh-reader",
  /** the agent session that calls */
  session: "claudemesh-session",
  /** URL of the broker where a call names none, percent-encoded */
  broker: "claudemesh-default-broker",
  /** display name where a call gives none, percent-encoded */
  name: "claudemesh-default-name",
  /** where the caller's own trace stands (W3C Trace Context) */
  trace: "traceparent",
  /** in answers: what a person should know beside it, a JSON array of texts, percent-encoded */
  notes: "claudemesh-notes",
} as const;
