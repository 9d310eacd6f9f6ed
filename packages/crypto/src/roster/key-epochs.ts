import type { Hash, TopicId } from "@claudemesh/protocol";

/** A mesh key of the chain: its number, the commitment it must fit, and the entry that started it. */
export interface RosterEpoch {
  readonly number: number;
  readonly commitment: Hash;
  readonly seq: number;
}

/** Which key of the chain a commitment is for. */
export type KeyPlace =
  | { readonly epoch: number }
  | { readonly topic: TopicId; readonly version: number };

/** The mesh keys in order, and every commitment of the chain. */
export class KeyEpochs {
  readonly all: RosterEpoch[];
  readonly #places = new Map<Hash, KeyPlace>();

  constructor(commitment: Hash) {
    this.all = [];
    this.add({ number: 0, commitment, seq: 0 });
  }

  get newest(): RosterEpoch {
    return this.all.at(-1) as RosterEpoch;
  }

  add(epoch: RosterEpoch): void {
    this.all.push(epoch);
    this.#places.set(epoch.commitment, { epoch: epoch.number });
  }

  commitTopicKey(commitment: Hash, place: { topic: TopicId; version: number }): void {
    this.#places.set(commitment, place);
  }

  placeOf(commitment: Hash): KeyPlace | undefined {
    return this.#places.get(commitment);
  }

  /** The newest epoch when `seq` was the head. */
  at(seq: number): RosterEpoch {
    return this.all.findLast((epoch) => epoch.seq <= seq) ?? (this.all[0] as RosterEpoch);
  }
}
