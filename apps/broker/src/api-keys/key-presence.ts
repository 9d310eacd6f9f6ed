import type { ApiKeyId, MeshId, WirePeer } from "@claudemesh/protocol";
import { Elsewhere } from "../nodes/elsewhere.ts";
import { keySubject, type PlacedKey } from "../nodes/placed.ts";
import type { KeyCaller } from "./key-actor.ts";

/** how long a key counts as there after a request */
const activeMs = 5 * 60_000;
/** keys that are remembered for their requests */
const most = 10_000;

interface Active {
  readonly actor: KeyCaller;
  readonly since: number;
  readonly at: number;
  /** when other nodes were told of it */
  readonly toldAt: number;
}

/** how often other nodes are told that a key is still used */
const toldEveryMs = 60_000;

/** Which API keys are there now: by a WebSocket that is open, or by a request not long ago. */
export class KeyPresence {
  readonly #now: () => number;
  readonly #elsewhere: Elsewhere;
  readonly #changed: (mesh: MeshId, subject: string) => void;
  readonly #active = new Map<ApiKeyId, Active>();
  readonly #connected = new Map<
    ApiKeyId,
    Set<{ readonly actor: KeyCaller; readonly at: number }>
  >();

  constructor(
    now: () => number,
    elsewhere: Elsewhere = new Elsewhere(),
    changed: (mesh: MeshId, subject: string) => void = () => {},
  ) {
    this.#now = now;
    this.#elsewhere = elsewhere;
    this.#changed = changed;
  }

  /** A request was made with the key. */
  saw(actor: KeyCaller): void {
    const at = this.#now();
    const { id } = actor.key;
    const before = this.#active.get(id);
    const isSame = before !== undefined && at - before.at < activeMs;
    if (!isSame || at - before.toldAt >= toldEveryMs) this.#tell(actor);
    const toldAt = isSame && at - before.toldAt < toldEveryMs ? before.toldAt : at;
    this.#active.delete(id);
    this.#active.set(id, { actor, since: isSame ? before.since : at, at, toldAt });
    const [oldest] = this.#active.keys();
    if (this.#active.size > most && oldest !== undefined) this.#active.delete(oldest);
  }

  /** A WebSocket of the key is open; answers a function that takes it off again. */
  enter(actor: KeyCaller): () => void {
    const { id } = actor.key;
    const own = this.#connected.get(id) ?? new Set();
    const one = { actor, at: this.#now() };
    this.#connected.set(id, own.add(one));
    this.#tell(actor);
    return () => {
      own.delete(one);
      this.#tell(actor);
      if (own.size === 0 && this.#connected.get(id) === own) this.#connected.delete(id);
    };
  }

  /** The key is worthless now. */
  drop(id: ApiKeyId): void {
    const known = this.#active.get(id);
    this.#active.delete(id);
    if (known !== undefined) this.#tell(known.actor);
  }

  /** A key as it is told to other nodes; undefined when it is not here. */
  placed(mesh: MeshId, id: string): PlacedKey | undefined {
    const peer = this.#here(mesh).find(({ key }) => key?.id === id);
    if (peer === undefined) return undefined;
    const at = this.#active.get(id as ApiKeyId)?.at ?? this.#now();
    return peer.via === "rest" ? { peer, until: at + activeMs } : { peer };
  }

  /** The keys of a mesh that are there, each once. */
  in(mesh: MeshId): WirePeer[] {
    const here = this.#here(mesh);
    const known = new Set(here.map(({ key }) => key?.id));
    const others = this.#elsewhere.keys(mesh, this.#now()).filter(({ key }) => !known.has(key?.id));
    return others.length === 0 ? here : [...here, ...others];
  }

  #tell({ mesh, key }: KeyCaller): void {
    this.#changed(mesh, keySubject(key.id));
  }

  #here(mesh: MeshId): WirePeer[] {
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
