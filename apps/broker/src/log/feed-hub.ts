import type { Audience, MemberId, MeshId } from "@claudemesh/protocol";
import type { AudienceMove, LogEntry, Store } from "../store/port.ts";
import { eventText } from "./event-text.ts";

/** Takes entries as they are committed. */
export interface Listener {
  readonly mesh: MeshId;
  readonly member: MemberId;
  /** what it listens to; it keeps this current itself, by `widen` and `narrow` */
  readonly audiences: Iterable<Audience>;
  /** `text` is shared with all other listeners */
  take(entry: LogEntry, text: Buffer): void;
  /** its member enters or leaves an audience: what comes after `seq` is for it, or is not */
  move(move: AudienceMove, seq: number): void;
}

/** Hands committed entries to those whose audience they are for, in memory. */
export class FeedHub {
  readonly #heads = new Map<MeshId, number>();
  readonly #index = new Map<string, Set<Listener>>();
  readonly #members = new Map<string, Set<Listener>>();
  readonly #unsubscribe: () => void;
  readonly #pushed: (at: number, readers: number) => void;

  /** `pushed` is told of every entry that was handed to readers: when it was taken, and to how many. */
  constructor(store: Store, pushed: (at: number, readers: number) => void = () => {}) {
    this.#pushed = pushed;
    this.#unsubscribe = store.onAppend((mesh, entries) => this.#deliver(mesh, entries));
  }

  /** The highest seq that was handed over; 0 before the first. */
  head(mesh: MeshId): number {
    return this.#heads.get(mesh) ?? 0;
  }

  /** Answers a function that ends it. */
  listen(listener: Listener): () => void {
    const { member, mesh } = listener;
    for (const audience of listener.audiences) this.widen(listener, audience);
    add(this.#members, `${mesh} ${member}`, listener);
    return () => {
      for (const audience of listener.audiences) this.narrow(listener, audience);
      remove(this.#members, `${mesh} ${member}`, listener);
    };
  }

  /** Gives a listener one more audience; it ends with the listener's others. */
  widen(listener: Listener, audience: Audience): void {
    add(this.#index, `${listener.mesh} ${audience}`, listener);
  }

  /** Takes an audience from a listener. */
  narrow(listener: Listener, audience: Audience): void {
    remove(this.#index, `${listener.mesh} ${audience}`, listener);
  }

  close(): void {
    this.#unsubscribe();
    this.#index.clear();
    this.#members.clear();
  }

  #deliver(mesh: MeshId, entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      this.#heads.set(mesh, Math.max(this.head(mesh), entry.seq));
      this.#hand(mesh, entry);
      for (const move of entry.moves ?? []) {
        const own = this.#members.get(`${mesh} ${move.member}`);
        for (const listener of own ?? []) listener.move(move, entry.seq);
      }
    }
  }

  #hand(mesh: MeshId, entry: LogEntry): void {
    const listeners = this.#index.get(`${mesh} ${entry.audience}`);
    if (listeners === undefined || entry.body === null) return;
    const text = eventText(entry);
    for (const listener of listeners) listener.take(entry, text);
    this.#pushed(entry.at, listeners.size);
  }
}

function add(index: Map<string, Set<Listener>>, key: string, listener: Listener): void {
  const set = index.get(key);
  if (set === undefined) index.set(key, new Set([listener]));
  else set.add(listener);
}

function remove(index: Map<string, Set<Listener>>, key: string, listener: Listener): void {
  const set = index.get(key);
  set?.delete(listener);
  if (set?.size === 0) index.delete(key);
}
