const capacity = 30;
const refillPerSecond = 0.5;
const dedupeMs = 30_000;
const maxQueued = 50;

interface Sender {
  tokens: number;
  refilledAt: number;
  lastText: string | undefined;
  lastAt: number;
}

export interface Knock {
  readonly sender: string;
  readonly text: string;
  /** the connection presented the session's token, so it comes from a child of the session */
  readonly own: boolean;
}

export interface GateOptions {
  /** milliseconds, of a clock that never goes back */
  readonly now: () => number;
  readonly queued: () => number;
  readonly permissionMode: string;
  /** `crossSessionInbound` of the settings */
  readonly inbound: string | undefined;
}

export type Verdict = "accept" | "hold" | "refuse" | "duplicate" | "rate-limited" | "queue-full";

/**
 * Who may post, and how often. The real one proves on Linux by process ancestry that a sender is its own child;
 * Node cannot ask a socket for its peer's process, so here the token is the proof, as on other systems.
 */
export class InboxGate {
  readonly #options: GateOptions;
  readonly #senders = new Map<string, Sender>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  admit(knock: Knock): Verdict {
    const { inbound, permissionMode, queued } = this.#options;
    const policy =
      inbound ?? (permissionMode === "bypassPermissions" && !knock.own ? "hold" : "accept");
    if (policy === "refuse" || policy === "hold") return policy;
    if (queued() >= maxQueued) return "queue-full";
    return this.#pace(knock);
  }

  #pace({ sender: name, text }: Knock): Verdict {
    const now = this.#options.now();
    const fresh = { tokens: capacity, refilledAt: now, lastText: undefined, lastAt: 0 };
    const sender: Sender = this.#senders.get(name) ?? fresh;
    this.#senders.set(name, sender);
    if (sender.lastText === text && now - sender.lastAt < dedupeMs) return "duplicate";
    const refill = ((now - sender.refilledAt) / 1000) * refillPerSecond;
    sender.tokens = Math.min(capacity, sender.tokens + refill);
    sender.refilledAt = now;
    if (sender.tokens < 1) return "rate-limited";
    sender.tokens -= 1;
    sender.lastText = text;
    sender.lastAt = now;
    return "accept";
  }
}
