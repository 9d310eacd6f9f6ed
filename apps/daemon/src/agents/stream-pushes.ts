import type { Aside } from "./pushes.ts";

/** Lines that wait for one session, and those in one push. */
const mostWaiting = 50;
const mostInPush = 10;
/** What comes close together goes in one push. */
const gatherMs = 250;

interface Waiting {
  readonly lines: string[];
  dropped: number;
  cancel: (() => void) | undefined;
}

interface StreamPushParts {
  readonly timer: (ms: number, fn: () => void) => () => void;
  /** pushes a text into a session */
  readonly push: (agentSession: string, text: string) => Aside;
}

/** What came over streams on its way into agent sessions: a few lines at a time, the oldest give way, nothing is kept for a session that cannot be reached. */
export class StreamPushes {
  readonly #parts: StreamPushParts;
  readonly #waiting = new Map<string, Waiting>();

  constructor(parts: StreamPushParts) {
    this.#parts = parts;
  }

  put(agentSession: string, line: string): void {
    const waiting = this.#waiting.get(agentSession) ?? { lines: [], dropped: 0, cancel: undefined };
    this.#waiting.set(agentSession, waiting);
    waiting.lines.push(line);
    if (waiting.lines.length > mostWaiting) {
      waiting.lines.shift();
      waiting.dropped += 1;
    }
    waiting.cancel ??= this.#parts.timer(gatherMs, () => this.#flush(agentSession, waiting));
  }

  forget(agentSession: string): void {
    this.#waiting.get(agentSession)?.cancel?.();
    this.#waiting.delete(agentSession);
  }

  #flush(agentSession: string, waiting: Waiting): void {
    waiting.cancel = undefined;
    const lines = waiting.lines.slice(0, mostInPush);
    const told = waiting.dropped === 0 ? [] : [`(${waiting.dropped} before these were dropped)`];
    const became = this.#parts.push(agentSession, [...told, ...lines].join("\n"));
    if (became === "unreachable") waiting.lines.length = 0;
    if (became === "pushed") {
      waiting.lines.splice(0, lines.length);
      waiting.dropped = 0;
    }
    if (waiting.lines.length === 0) this.#waiting.delete(agentSession);
    else waiting.cancel = this.#parts.timer(gatherMs, () => this.#flush(agentSession, waiting));
  }
}
