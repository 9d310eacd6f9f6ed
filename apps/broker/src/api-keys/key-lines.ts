import {
  type ApiKeyId,
  type CloseCode,
  type MemberId,
  MeshError,
  type MeshId,
} from "@claudemesh/protocol";
import type { Actor } from "../handler.ts";
import type { Timer } from "../timer.ts";
import type { KeyActor } from "./key-actor.ts";

/** What an API key holds open: a stream of events or a WebSocket. */
export interface KeyLine {
  readonly actor: Actor & { readonly key: KeyActor };
  end(code: CloseCode): void;
}

export interface KeyLinesOptions {
  readonly now: () => number;
  readonly timer: Timer;
  /** lines of one key */
  readonly most: number;
}

/** a timer's longest time; a key that is good for longer is looked at again then */
const longestMs = 2 ** 31 - 1;

/** What all API keys hold open, so that it ends with the key, its owner's membership and the broker. */
export class KeyLines {
  readonly #options: KeyLinesOptions;
  readonly #lines = new Map<ApiKeyId, Set<KeyLine>>();

  constructor(options: KeyLinesOptions) {
    this.#options = options;
  }

  /** Answers a function that takes the line off again. Throws `rate_limited` when the key has too many. */
  open(line: KeyLine): () => void {
    const { id, expiresAt } = line.actor.key;
    const own = this.#lines.get(id) ?? new Set<KeyLine>();
    if (own.size >= this.#options.most) {
      throw new MeshError("rate_limited", "this API key has too many open streams", {
        retryAfterMs: 1_000,
      });
    }
    this.#lines.set(id, own.add(line));
    const cancel = expiresAt === undefined ? () => {} : this.#endAt(line, expiresAt);
    return () => {
      cancel();
      own.delete(line);
      if (own.size === 0 && this.#lines.get(id) === own) this.#lines.delete(id);
    };
  }

  /** The keys that hold something open. */
  keys(): ApiKeyId[] {
    return [...this.#lines.keys()];
  }

  /** Whether any key of a mesh holds something open. */
  isIn(mesh: MeshId): boolean {
    return this.#all().some(({ actor }) => actor.mesh === mesh);
  }

  /** Ends what a key holds open. */
  endKey(id: ApiKeyId): void {
    for (const line of [...(this.#lines.get(id) ?? [])]) line.end(4006);
  }

  /** Ends what the keys of a member hold open. */
  endOwner(mesh: MeshId, owner: MemberId, code: CloseCode): void {
    for (const line of this.#all()) {
      if (line.actor.mesh === mesh && line.actor.member === owner) line.end(code);
    }
  }

  endMesh(mesh: MeshId, code: CloseCode): void {
    for (const line of this.#all()) if (line.actor.mesh === mesh) line.end(code);
  }

  endAll(code: CloseCode): void {
    for (const line of this.#all()) line.end(code);
  }

  #all(): KeyLine[] {
    return [...this.#lines.values()].flatMap((own) => [...own]);
  }

  #endAt(line: KeyLine, at: number): () => void {
    const { now, timer } = this.#options;
    let cancel = () => {};
    const wait = () => {
      const left = at - now();
      if (left <= 0) line.end(4006);
      else cancel = timer.after(Math.min(left, longestMs), wait);
    };
    wait();
    return () => cancel();
  }
}
