import type { ApiKeyId, MeshId, WirePeer } from "@claudemesh/protocol";
import type { KeyCaller } from "./key-actor.ts";

/** how long a key counts as there after a request */
const activeMs = 5 * 60_000;
/** keys that are remembered for their requests */
const most = 10_000;

interface Active {
  readonly actor: KeyCaller;
  readonly since: number;
  readonly at: number;
}

/** Which API keys are there now: by a WebSocket that is open, or by a request not long ago. */
export class KeyPresence {
  readonly #now: () => number;
  readonly #active = new Map<ApiKeyId, Active>();
  readonly #connected = new Map<
    ApiKeyId,
    Set<{ readonly actor: KeyCaller; readonly at: number }>
  >();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A request was made with the key. */
  saw(actor: KeyCaller): void {
    const at = this.#now();
    const { id } = actor.key;
    const before = this.#active.get(id);
    const isSame = before !== undefined && at - before.at < activeMs;
    this.#active.delete(id);
    this.#active.set(id, { actor, since: isSame ? before.since : at, at });
    const [oldest] = this.#active.keys();
    if (this.#active.size > most && oldest !== undefined) this.#active.delete(oldest);
  }

  /** A WebSocket of the key is open; answers a function that takes it off again. */
  enter(actor: KeyCaller): () => void {
    const { id } = actor.key;
    const own = this.#connected.get(id) ?? new Set();
    const one = { actor, at: this.#now() };
    this.#connected.set(id, own.add(one));
    return () => {
      own.delete(one);
      if (own.size === 0 && this.#connected.get(id) === own) this.#connected.delete(id);
    };
  }

  /** The key is worthless now. */
  drop(id: ApiKeyId): void {
    this.#active.delete(id);
  }

  /** The keys of a mesh that are there, each once. */
  in(mesh: MeshId): WirePeer[] {
    const connected = [...this.#connected.values()].flatMap((own) => [...own].slice(0, 1));
    const over = this.#now() - activeMs;
    const active = [...this.#active.values()].filter(
      ({ at, actor }) => at > over && !this.#connected.has(actor.key.id),
    );
    return [
      ...connected.map(({ actor, at }) => ({ actor, at, type: "external" as const })),
      ...active.map(({ actor, since }) => ({ actor, at: since, type: "human" as const })),
    ]
      .filter(({ actor }) => actor.mesh === mesh)
      .map(({ actor, at, type }) => ({
        member: actor.member,
        device: actor.device,
        type,
        connectedAt: at,
        key: { id: actor.key.id, name: actor.key.name },
        ...(type === "human" ? { via: "rest" as const } : {}),
      }));
  }
}
