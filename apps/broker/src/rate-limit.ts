import { MeshError } from "@claudemesh/protocol";
import type { Rate } from "./config/values.ts";

interface Bucket {
  tokens: number;
  at: number;
}

/** What sums of fractions of a token are off by: a promised wait is enough all the same. */
const rounding = 1e-9;

/** Token buckets of one rate, by subject. Full buckets are forgotten, so that memory follows those who are active. */
export class RateLimit {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #most: number;
  readonly #buckets = new Map<string, Bucket>();
  /** what was taken of buckets that are less than half full, where someone wants to know */
  #spent: Map<string, number> | undefined;

  constructor(rate: Rate, now: () => number, most = 100_000) {
    this.#rate = rate;
    this.#now = now;
    this.#most = most;
  }

  /** Takes `cost` tokens (at most the burst), or throws `rate_limited` with the time after which they will be there. */
  take(subject: string, cost = 1): void {
    const wanted = Math.min(cost, this.#rate.burst);
    const at = this.#now();
    const tokens = this.#tokens(subject, at);
    this.#require(tokens, wanted);
    this.#keep(subject, tokens - wanted, at);
    if (this.#spent !== undefined && tokens - wanted < this.#rate.burst / 2) {
      this.#spent.set(subject, (this.#spent.get(subject) ?? 0) + wanted);
    }
  }

  /** From now on what is taken of emptying buckets is remembered. */
  remember(): void {
    this.#spent ??= new Map();
  }

  /** What was taken of emptying buckets since the last time. */
  forgetSpent(): [subject: string, tokens: number][] {
    const spent = [...(this.#spent ?? [])];
    this.#spent?.clear();
    return spent;
  }

  /** Throws as `take` would, and takes nothing. */
  require(subject: string): void {
    this.#require(this.#tokens(subject, this.#now()), 1);
  }

  /** Takes a token for what has happened already; answers whether it was there. */
  spend(subject: string): boolean {
    const at = this.#now();
    const left = this.#tokens(subject, at) - 1;
    this.#keep(subject, Math.max(0, left), at);
    return left >= 0;
  }

  /** Takes tokens for what has happened already, also those that are not there. */
  count(subject: string, cost = 1): void {
    const at = this.#now();
    this.#keep(subject, this.#tokens(subject, at) - cost, at);
  }

  #keep(subject: string, tokens: number, at: number): void {
    this.#buckets.delete(subject);
    this.#buckets.set(subject, { tokens, at });
    if (this.#buckets.size > this.#most) this.#forget(at);
  }

  #require(tokens: number, cost: number): void {
    const missing = cost - tokens;
    if (missing <= rounding) return;
    const retryAfterMs = Math.ceil((missing / this.#rate.perSecond) * 1000);
    throw new MeshError("rate_limited", "too many requests of this kind", { retryAfterMs });
  }

  #tokens(subject: string, now: number): number {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(subject);
    if (bucket === undefined) return burst;
    const passed = Math.max(0, now - bucket.at) / 1000;
    return Math.min(burst, bucket.tokens + passed * perSecond);
  }

  /** Drops what has filled up again, and at least a tenth, the longest idle first. */
  #forget(now: number): void {
    const { perSecond, burst } = this.#rate;
    const target = Math.floor(this.#most * 0.9);
    for (const [subject, { tokens, at }] of this.#buckets) {
      const full = tokens + ((now - at) / 1000) * perSecond >= burst;
      if (full || this.#buckets.size > target) this.#buckets.delete(subject);
    }
  }
}
