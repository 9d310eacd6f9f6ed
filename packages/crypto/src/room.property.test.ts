import assert from "node:assert/strict";
import { test } from "node:test";
import { type Envelope, MeshError } from "@claudemesh/protocol";
import fc from "fast-check";
import { KeyRing } from "./key-ring.ts";
import { receiveEnvelope } from "./receive.ts";
import type { Person } from "./roster/fixture.ts";
import { ann, bob, cyd, dan, keyOf, Room } from "./testing/room.ts";

const people = [ann, bob, cyd, dan] as const;
const acts = [
  "epoch",
  "remove",
  "restore",
  "leave topic",
  "add",
  "topic key",
  "post",
  "say",
] as const;
const steps = fc.array(
  fc.record({ act: fc.constantFrom(...acts), who: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 8, maxLength: 25 },
);

/** A message with what is naively known of it. */
interface Sent {
  readonly envelope: Envelope;
  readonly from: Person;
  readonly isPost: boolean;
  readonly place: number;
  readonly key: number;
}

/** A room, the keys that each person got, and the entries that end what was said before. */
class Naive {
  readonly room = new Room();
  readonly inMesh = new Set<Person>(people);
  readonly inTopic = new Map<Person, "lead" | "member" | "observer">([
    [bob, "lead"],
    [cyd, "member"],
    [dan, "observer"],
  ]);
  readonly epochsOf = new Map(people.map((one) => [one, new Set([0, 1])]));
  readonly sent: Sent[] = [];
  readonly meshBarriers: number[] = [];
  readonly topicBarriers: number[] = [];
  readonly removals: { who: Person; seq: number }[] = [];
  due = false;

  do(act: (typeof acts)[number], who: Person): void {
    const { chain } = this.room;
    const role = this.inTopic.get(who);
    if (act === "epoch") this.#startEpoch(() => chain.add(ann, "epoch", this.room.nextEpoch()));
    else if (act === "restore") {
      if (this.inMesh.has(who) || !this.removals.some((one) => one.who === who)) return;
      chain.add(ann, "restore", { member: this.room.id(who) });
      this.inMesh.add(who);
    } else if (!this.inMesh.has(who)) return;
    else if (act === "remove") {
      const member = this.room.id(who);
      this.inMesh.delete(who);
      if (this.inTopic.delete(who)) this.due = true;
      const epoch = this.room.nextEpoch();
      const seq = this.#startEpoch(() => chain.add(ann, "remove", { member, epoch }));
      this.removals.push({ who, seq });
    } else if (act === "leave topic") {
      if (!this.inTopic.delete(who)) return;
      this.topicBarriers.push(chain.topicRemove(who, 1, who).seq);
      this.due = true;
    } else if (act === "add") {
      if (role === "member") return;
      chain.topicAdd(ann, 1, who, "member");
      this.inTopic.set(who, "member");
    } else if (act === "topic key") {
      if (role !== "lead" && !(role === "member" && this.due)) return;
      const body = this.room.nextTopicKey();
      this.topicBarriers.push(chain.add(who, "topic_key", body).seq);
      this.due = false;
    } else this.#send(who, act === "post");
  }

  #send(from: Person, isPost: boolean): void {
    const role = this.inTopic.get(from);
    if (isPost && (role === undefined || role === "observer" || this.due)) return;
    const { room } = this;
    const header = isPost ? room.topicHeader(from) : room.header(from);
    const key = header.keyVersion ?? -1;
    const place = room.roster.head.seq;
    this.sent.push({ envelope: room.send(from, header), from, isPost, place, key });
  }

  #startEpoch(act: () => { seq: number }): number {
    const { seq } = act();
    this.meshBarriers.push(seq);
    for (const one of this.inMesh) this.epochsOf.get(one)?.add(this.room.keys.length - 1);
    return seq;
  }

  /** What ann's device must say of it, if it comes to its place in the log, or only now. */
  expected({ from, isPost, place }: Sent, isLate: boolean): string {
    const barriers = isPost ? [...this.meshBarriers, ...this.topicBarriers] : this.meshBarriers;
    if (isLate && barriers.some((seq) => seq > place)) return "roster_stale";
    const ended = this.removals.some((one) => one.who === from && one.seq > place);
    return ended ? "time_not_provable" : "opened";
  }
}

function outcome(act: () => { result: string }): string {
  try {
    return act().result;
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
}

test("whatever happens in a room, messages end as the naive rules say", () => {
  const seen = new Set<string>();
  const property = fc.property(steps, (history) => {
    const naive = new Naive();
    const { room } = naive;
    for (const { act, who } of history) naive.do(act, people[who] as Person);
    if (!naive.inTopic.has(ann)) room.chain.topicAdd(ann, 1, ann, "observer");
    for (const sent of naive.sent) {
      const now = room.receiver(ann);
      const inPlace = room.receiver(ann, { place: sent.place });
      const [late, good] = [now, inPlace].map((as) =>
        outcome(() => receiveEnvelope(sent.envelope, as)),
      );
      assert.equal(late, naive.expected(sent, true));
      assert.equal(good, naive.expected(sent, false));
      seen.add(late ?? "").add(good ?? "");
      if (sent.isPost) continue;
      for (const one of people) {
        const epochs = [...(naive.epochsOf.get(one) ?? [])];
        const keys = epochs.map((epoch) => ({ epoch, key: keyOf(`epoch ${epoch}`) }));
        const ring = KeyRing.of(room.roster, keys);
        const held = room.receiver(one, { ring, place: sent.place, seen: sent.place });
        const opens = outcome(() => receiveEnvelope(sent.envelope, held));
        assert.equal(opens, epochs.includes(sent.key) ? "opened" : "awaiting_key");
        seen.add(opens);
      }
    }
  });
  fc.assert(property, { numRuns: 60 });
  assert.deepEqual([...seen].sort(), [
    "awaiting_key",
    "opened",
    "roster_stale",
    "time_not_provable",
  ]);
});
