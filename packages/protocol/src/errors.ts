import type { ErrorBody } from "./error-body.ts";

/** When the same request may succeed: never as it is, later by itself, or after what the message names was mended. */
export type Retry = "never" | "later" | "after_fix";

interface ErrorRow {
  readonly http: number;
  readonly exit: number;
  readonly retry: Retry;
  readonly summary: string;
}

const row = (http: number, exit: number, retry: Retry, summary: string): ErrorRow => ({
  http,
  exit,
  retry,
  summary,
});

/** The closed table of everything that can go wrong across a process boundary. */
export const errorTable = {
  address_in_use: row(409, 6, "after_fix", "another program listens on that port"),
  agent_missing: row(424, 9, "after_fix", "the agent's program is not on this machine"),
  already_member: row(409, 6, "never", "this identity is in the mesh already"),
  ambiguous: row(400, 3, "after_fix", "the name fits more than one"),
  bad_signature: row(401, 2, "never", "a signature or proof does not verify"),
  cancelled: row(499, 1, "after_fix", "the person or caller stopped it"),
  clock_skew: row(401, 2, "after_fix", "the clocks differ too much"),
  conflict: row(409, 11, "never", "it collides with what is there"),
  cursor_invalid: row(400, 3, "after_fix", "the cursor is not one that this broker gave out"),
  disk_full: row(507, 8, "after_fix", "there is no space left to store it durably"),
  exhausted: row(410, 7, "never", "the invite has no uses left"),
  exists: row(409, 6, "never", "it exists already"),
  expired: row(410, 7, "never", "its time is over"),
  forbidden: row(403, 7, "never", "the member is not permitted to do that"),
  home_damaged: row(500, 8, "after_fix", "a file of the home folder cannot be read whole"),
  in_use: row(409, 6, "later", "another process holds the folder"),
  internal: row(500, 8, "later", "something unexpected; the operator's log has the cause"),
  invite_v1_gone: row(410, 7, "never", "invites of version 1 are no longer accepted"),
  log_mismatch: row(503, 11, "after_fix", "the broker's log is behind what it once gave out"),
  loop_limit: row(409, 10, "after_fix", "agents wrote to each other for too long without a person"),
  malformed: row(400, 3, "after_fix", "the input does not have the right form"),
  no_recipient: row(404, 5, "after_fix", "nobody of that name is in the mesh"),
  not_found: row(404, 5, "never", "there is nothing of that name or id"),
  not_member: row(403, 7, "never", "the caller is not a member of the mesh"),
  not_writable: row(500, 7, "after_fix", "the folder cannot be written"),
  offline: row(503, 4, "later", "the broker cannot be reached"),
  rate_limited: row(429, 10, "later", "too many requests"),
  repeated: row(409, 11, "later", "the same text went to the same recipient a moment ago"),
  revoked: row(410, 7, "never", "it was revoked"),
  roster_conflict: row(409, 11, "later", "the roster has moved on"),
  roster_fork: row(409, 11, "never", "two different rosters claim the same place"),
  roster_stale: row(409, 11, "later", "the sender's roster is older than a removal or key change"),
  timeout: row(504, 4, "later", "no answer came in time"),
  too_large: row(413, 3, "after_fix", "it is over the size limit"),
  unauthorized: row(401, 2, "after_fix", "the caller has not proved who it is"),
  unavailable: row(503, 4, "later", "the broker cannot serve this right now"),
  upgrade_required: row(
    426,
    8,
    "after_fix",
    "the other side speaks a version that this one does not",
  ),
  wrong_host: row(401, 2, "after_fix", "the hello names another host than the broker's"),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** What any operation may answer, besides its own codes. */
export const commonCodes = [
  "bad_signature",
  "disk_full",
  "forbidden",
  "internal",
  "log_mismatch",
  "malformed",
  "not_member",
  "offline",
  "rate_limited",
  "timeout",
  "too_large",
  "unauthorized",
  "unavailable",
  "upgrade_required",
] as const satisfies readonly ErrorCode[];
export type CommonCode = (typeof commonCodes)[number];

export interface ErrorExtras {
  readonly hint?: string;
  readonly detail?: Record<string, unknown>;
  readonly requestId?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The only error that crosses a process boundary. `cause` stays on this side. */
export class MeshError extends Error {
  override readonly name = "MeshError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: Record<string, unknown> | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.hint = extras.hint;
    this.detail = extras.detail;
    this.requestId = extras.requestId;
    this.retryAfterMs = extras.retryAfterMs;
  }

  get row(): ErrorRow {
    return errorTable[this.code];
  }

  /** The wire shape; never contains `cause` or a stack. */
  toBody(): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.requestId === undefined ? {} : { requestId: this.requestId }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }

  static fromBody(body: ErrorBody): MeshError {
    const { code, message, ...extras } = body;
    return new MeshError(code, message, extras as ErrorExtras);
  }
}
