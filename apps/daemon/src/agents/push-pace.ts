/** How often something may be pushed into one session: an agent's inbox drops what comes faster (30 at once, then one every 2 s), so this stays well below. */
const most = 20;
const refillMs = 2_000;

/** A bucket of pushes per session. */
export class PushPace {
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one push; false when there is none left right now. */
  take(agentSession: string): boolean {
    const now = this.#now();
    const known = this.#buckets.get(agentSession) ?? { left: most, at: now };
    const grown = Math.floor((now - known.at) / refillMs);
    const left = Math.min(most, known.left + grown);
    const at = left === most ? now : known.at + grown * refillMs;
    if (left < 1) return false;
    this.#buckets.set(agentSession, { left: left - 1, at });
    return true;
  }

  forget(agentSession: string): void {
    this.#buckets.delete(agentSession);
  }
}
