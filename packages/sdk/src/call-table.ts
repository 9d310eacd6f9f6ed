import { limits, MeshError, mostTraceChars } from "@claudemesh/protocol";
import { frameText, type Line } from "./line.ts";
import type { PendingCall, Request, Stage } from "./pending-call.ts";
import type { Outcome } from "./read-frame.ts";
import type { Timer } from "./timer.ts";
import type { CallOptions } from "./types.ts";

export interface CallTableOptions {
  readonly now: () => number;
  readonly timer: Timer;
  readonly callTimeoutMs: number;
  /** the open connection, if there is one */
  readonly line: () => Line | undefined;
  /** why there is none */
  readonly offline: () => MeshError;
  /** a reply failed to come, and nothing else came either */
  readonly silent: () => void;
  /** a call was added, sent or settled */
  readonly changed: () => void;
}

/** More calls than this at once are refused. */
const mostCalls = 4_096;
/** While the socket holds more than this unsent, calls wait. */
const mostBuffered = 1024 * 1024;
const bufferedRetryMs = 20;
/** How long to rest when a broker says `rate_limited` without a time, and the least in any case. */
const restMs = 1_000;
const leastRestMs = 50;

/** The calls that are under way, across connections. */
export class CallTable {
  readonly #options: CallTableOptions;
  readonly #calls = new Map<string, PendingCall>();
  readonly #unsent = new Set<PendingCall>();
  #sent = 0;
  #lastId = 0;
  #held = false;
  #stopFlush: (() => void) | undefined;
  #refusal: MeshError | undefined;

  constructor(options: CallTableOptions) {
    this.#options = options;
  }

  /** calls not settled yet */
  get size(): number {
    return this.#calls.size;
  }

  /** calls whose reply is under way */
  get inFlight(): number {
    return this.#sent;
  }

  /** Asks the broker; settles with what it answers, or rejects with `timeout`, `offline`, `cancelled` or its error. */
  request<T>(request: Request<T>, options: CallOptions = {}): Promise<T> {
    const refusal = this.#refusal ?? this.#overfull();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (options.signal?.aborted) return Promise.reject(stopped(request.what));
    this.#lastId += 1;
    const id = `c${this.#lastId}`;
    let text: string;
    try {
      text = textOf(request, id);
    } catch (error) {
      return Promise.reject(error);
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timeoutMs = options.timeoutMs ?? this.#options.callTimeoutMs;
    const call: PendingCall = {
      id,
      text,
      trace: options.trace,
      request,
      deadline: this.#options.now() + timeoutMs,
      stage: "unsent",
      heardAtSend: 0,
      release: [],
      resolve: (output) => resolve(output as T),
      reject,
    };
    call.release.push(this.#options.timer(timeoutMs, () => this.#expire(call, timeoutMs)));
    const { signal } = options;
    if (signal !== undefined) {
      const abort = (): void => this.#cancel(call);
      signal.addEventListener("abort", abort, { once: true });
      call.release.push(() => signal.removeEventListener("abort", abort));
    }
    this.#calls.set(id, call);
    this.#unsent.add(call);
    this.flush();
    this.#options.changed();
    return promise;
  }

  /** Sends what waits, as far as the connection takes it. */
  flush(): void {
    this.#stopFlush?.();
    this.#stopFlush = undefined;
    for (const call of [...this.#unsent]) {
      const line = this.#options.line();
      if (line === undefined || this.#held) return;
      if (line.buffered > mostBuffered) {
        this.#stopFlush = this.#options.timer(bufferedRetryMs, () => this.flush());
        return;
      }
      this.#send(call, line);
    }
  }

  /** From now on nothing is sent, until `release`. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
  }

  /** Takes a reply; one to a call that is over already is passed over. */
  settle(id: string, outcome: Outcome): void {
    const call = this.#calls.get(id);
    if (call?.stage !== "sent") return;
    if ("error" in outcome) {
      if (outcome.error.code !== "rate_limited" || !this.#rest(call, outcome.error)) {
        this.#finish(call, () => call.reject(outcome.error));
      }
      return;
    }
    try {
      const output = call.request.read(outcome.output);
      this.#finish(call, () => call.resolve(output));
    } catch (error) {
      this.#finish(call, () => call.reject(error as MeshError));
    }
  }

  /** The connection is gone: what may be repeated waits for the next one, the rest is in doubt. */
  lost(error: MeshError): void {
    this.#held = false;
    for (const call of [...this.#calls.values()]) {
      if (call.stage !== "sent") continue;
      if (call.request.repeatable) this.#stage(call, "unsent");
      else this.#finish(call, () => call.reject(inDoubt(error, call)));
    }
  }

  /** Refuses calls from now on, and with `also` those under way. */
  refuse(error: MeshError, also: boolean): void {
    this.#refusal = error;
    if (!also) return;
    this.#stopFlush?.();
    for (const call of [...this.#calls.values()]) {
      this.#finish(call, () => call.reject(inDoubt(error, call)));
    }
  }

  #overfull(): MeshError | undefined {
    if (this.#calls.size < mostCalls) return undefined;
    return new MeshError("rate_limited", `${mostCalls} calls are under way already`);
  }

  #send(call: PendingCall, line: Line): void {
    const refusal = call.request.refuse?.();
    if (refusal !== undefined) {
      this.#finish(call, () => call.reject(refusal));
      return;
    }
    this.#stage(call, "sent");
    call.heardAtSend = line.heard;
    line.send(line.takesTraces ? withTrace(call) : call.text);
  }

  #stage(call: PendingCall, stage: Stage): void {
    if (call.stage === "sent") this.#sent -= 1;
    if (stage === "sent") this.#sent += 1;
    call.stage = stage;
    if (stage === "unsent") this.#unsent.add(call);
    else this.#unsent.delete(call);
  }

  #rest(call: PendingCall, error: MeshError): boolean {
    const ms = Math.max(error.retryAfterMs ?? restMs, leastRestMs);
    if (this.#options.now() + ms >= call.deadline) return false;
    this.#stage(call, "resting");
    const wake = (): void => {
      this.#stage(call, "unsent");
      this.flush();
      this.#options.changed();
    };
    call.release.push(this.#options.timer(ms, wake));
    this.#options.changed();
    return true;
  }

  #expire(call: PendingCall, timeoutMs: number): void {
    const line = this.#options.line();
    const silent = call.stage === "sent" && line?.heard === call.heardAtSend;
    if (call.stage === "unsent" && line === undefined) {
      this.#finish(call, () => call.reject(this.#options.offline()));
      return;
    }
    if (call.stage === "sent") line?.send(frameText({ type: "cancel", id: call.id }));
    const message = `no answer to ${call.request.what} within ${timeoutMs} ms`;
    const error = inDoubt(new MeshError("timeout", message), call);
    this.#finish(call, () => call.reject(error));
    if (silent) this.#options.silent();
  }

  #cancel(call: PendingCall): void {
    if (call.stage === "sent") {
      this.#options.line()?.send(frameText({ type: "cancel", id: call.id }));
    }
    const error = inDoubt(stopped(call.request.what), call);
    this.#finish(call, () => call.reject(error));
  }

  #finish(call: PendingCall, settle: () => void): void {
    if (!this.#calls.delete(call.id)) return;
    if (call.stage === "sent") this.#sent -= 1;
    this.#unsent.delete(call);
    for (const release of call.release) release();
    settle();
    this.#options.changed();
  }
}

const stopped = (what: string): MeshError => new MeshError("cancelled", `${what} was cancelled`);

/** Marks an error of a call that the broker may have carried out nevertheless. */
function inDoubt(error: MeshError, call: PendingCall): MeshError {
  if (call.stage !== "sent" || call.request.repeatable) return error;
  const detail = { ...error.detail, inDoubt: true };
  return MeshError.fromBody({ ...error.toBody(), detail });
}

/** Where the caller's own trace stands goes beside the call, unless the frame would be too large with it. */
function withTrace({ text, trace }: PendingCall): string {
  if (trace === undefined || trace.length > mostTraceChars) return text;
  const traced = `${text.slice(0, -1)},"trace":${JSON.stringify(trace)}}`;
  return traced.length <= limits.frameChars ? traced : text;
}

function textOf(request: Request<unknown>, id: string): string {
  let text: string;
  try {
    text = frameText(request.frame(id));
  } catch (error) {
    const message = `the input of ${request.what} cannot be written as JSON`;
    throw new MeshError("malformed", message, { detail: { field: "input" }, cause: error });
  }
  if (text.length <= limits.frameChars) return text;
  throw new MeshError(
    "too_large",
    `${request.what} makes a frame of ${text.length} characters; ${limits.frameChars} is the most`,
  );
}
