import {
  type EpochKey,
  KeyRingContents,
  limits,
  MeshError,
  type MeshId,
  type Policy,
  parse,
  type TopicId,
} from "@claudemesh/protocol";
import { keyCommitment } from "./commitment.ts";
import { jcs } from "./jcs.ts";
import type { Roster } from "./roster/index.ts";
import type { ChainKey } from "./seal-key-bundle.ts";

/** What a ring asks of the chain. */
export type KeyChain = Pick<Roster, "mesh" | "epochs" | "topics">;

/** The mesh and topic keys that a member holds in one mesh. Every key was checked against its commitment in the chain before it came in. */
export class KeyRing {
  readonly mesh: MeshId;
  readonly #epochs = new Map<number, string>();
  readonly #topics = new Map<TopicId, Map<number, string>>();

  constructor(mesh: MeshId) {
    this.mesh = mesh;
  }

  /** Reads a stored ring. Throws `malformed`, and `bad_signature` for a key that is not the one of the chain. */
  static parse(text: string, roster: KeyChain): KeyRing {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new MeshError("malformed", "the key ring is not JSON");
    }
    const { epochs, mesh, topics } = parse(KeyRingContents, value, "key ring");
    if (mesh !== roster.mesh) {
      throw new MeshError("malformed", "mesh: the key ring is of another mesh");
    }
    return KeyRing.of(roster, [...epochs, ...topics]);
  }

  /** A ring of these keys. Throws what `add` throws. */
  static of(roster: KeyChain, keys: readonly ChainKey[]): KeyRing {
    const ring = new KeyRing(roster.mesh);
    for (const key of keys) ring.add(key, roster);
    return ring;
  }

  /** Takes in a key that fits its commitment in the chain; throws `bad_signature` when it does not, or the chain has none for that place. */
  add(given: ChainKey, roster: KeyChain): void {
    const { key } = given;
    if ("epoch" in given) {
      const { epoch } = given;
      const scope = epoch === 0 ? "" : this.mesh;
      if (roster.epochs[epoch]?.commitment !== keyCommitment(scope, key)) {
        throw unfit(`the mesh key of epoch ${epoch}`);
      }
      this.#epochs.set(epoch, key);
      return;
    }
    const { topic, version } = given;
    const known = roster.topics.get(topic)?.keys[version - 1];
    if (known?.commitment !== keyCommitment(this.mesh, key)) {
      throw unfit(`version ${version} of the key of topic ${topic}`);
    }
    const versions = this.#topics.get(topic);
    if (versions === undefined) this.#topics.set(topic, new Map([[version, key]]));
    else versions.set(version, key);
  }

  /** The key of an epoch, if this ring has it. */
  epochKey(epoch: number): string | undefined {
    return this.#epochs.get(epoch);
  }

  /** A version of a private topic's key, if this ring has it. */
  topicKey(topic: TopicId, version: number): string | undefined {
    return this.#topics.get(topic)?.get(version);
  }

  /** The mesh keys in ascending order. */
  get epochs(): EpochKey[] {
    return [...this.#epochs].sort(([a], [b]) => a - b).map(([epoch, key]) => ({ epoch, key }));
  }

  /** The mesh keys that the policy lets a new member have: all, or from now on; at most as many as a welcome carries, the newest. */
  welcomeRing(policy: Pick<Policy, "historyForNewMembers">): EpochKey[] {
    const count = policy.historyForNewMembers === "all" ? limits.welcomeEpochs : 1;
    return this.epochs.slice(-count);
  }

  /** The whole ring as canonical JSON, for storing or sealing: it is secret. */
  serialize(): string {
    const topics = [...this.#topics]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([topic, versions]) =>
        [...versions].sort(([a], [b]) => a - b).map(([version, key]) => ({ topic, version, key })),
      );
    return jcs({ v: 1, mesh: this.mesh, epochs: this.epochs.map((key) => ({ ...key })), topics });
  }

  toJSON(): string {
    return "[key ring]";
  }
}

const unfit = (what: string): MeshError =>
  new MeshError("bad_signature", `${what} does not match its commitment`);
