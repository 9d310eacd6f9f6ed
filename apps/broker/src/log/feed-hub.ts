import type { Audience, MeshId } from "@claudemesh/protocol";
import type { LogEntry, Store } from "../store/port.ts";
import { eventText } from "./event-text.ts";

/** Takes entries as they are committed. */
export interface Listener {
  readonly mesh: MeshId;
  readonly audiences: readonly Audience[];
  /** `text` is shared with all other listeners */
  take(entry: LogEntry, text: Buffer): void;
}

/** Hands committed entries to those whose audience they are for, in memory. */
export class FeedHub {
  readonly #heads = new Map<MeshId, number>();
  readonly #index = new Map<string, Set<Listener>>();
  readonly #unsubscribe: () => void;

  constructor(store: Store) {
    this.#unsubscribe = store.onAppend((mesh, entries) => this.#deliver(mesh, entries));
  }

  /** The highest seq that was handed over; 0 before the first. */
  head(mesh: MeshId): number {
    return this.#heads.get(mesh) ?? 0;
  }

  /** Answers a function that ends it. */
  listen(listener: Listener): () => void {
    const keysOf = () => listener.audiences.map((audience) => `${listener.mesh} ${audience}`);
    for (const key of keysOf()) {
      const set = this.#index.get(key) ?? new Set();
      this.#index.set(key, set.add(listener));
    }
    return () => {
      for (const key of keysOf()) {
        const set = this.#index.get(key);
        set?.delete(listener);
        if (set?.size === 0) this.#index.delete(key);
      }
    };
  }

  /** Gives a listener one more audience; it ends with the listener's others. */
  widen(listener: Listener, audience: Audience): void {
    const key = `${listener.mesh} ${audience}`;
    const set = this.#index.get(key) ?? new Set();
    this.#index.set(key, set.add(listener));
  }

  close(): void {
    this.#unsubscribe();
    this.#index.clear();
  }

  #deliver(mesh: MeshId, entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      this.#heads.set(mesh, Math.max(this.head(mesh), entry.seq));
      const listeners = this.#index.get(`${mesh} ${entry.audience}`);
      if (listeners === undefined || entry.body === null) continue;
      const text = eventText(entry);
      for (const listener of listeners) listener.take(entry, text);
    }
  }
}
