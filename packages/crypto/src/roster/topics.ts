import type { EntryOf, MemberId, TopicId } from "@claudemesh/protocol";
import { TopicState } from "./topic.ts";

/** The private topics of a chain. */
export class Topics {
  readonly all = new Map<TopicId, TopicState>();
  readonly #of = new Map<MemberId, Set<TopicState>>();
  readonly #barriers = new Map<TopicId, number[]>();

  add({ body, seq }: EntryOf<"topic_add">): void {
    const topic = this.all.get(body.topic) ?? new TopicState(body.topic, seq);
    this.all.set(topic.id, topic);
    topic.set(body.member, body.role, seq);
    const mine = this.#of.get(body.member);
    if (mine === undefined) this.#of.set(body.member, new Set([topic]));
    else mine.add(topic);
  }

  remove({ body, seq }: EntryOf<"topic_remove">): void {
    const topic = this.all.get(body.topic);
    if (topic === undefined) return;
    topic.leave(body.member, seq);
    this.#of.get(body.member)?.delete(topic);
    this.#bar(topic.id, seq);
  }

  addKey({ body, seq }: EntryOf<"topic_key">): void {
    const { commitment, topic, version } = body;
    this.all.get(topic)?.addKey({ version, commitment, seq });
    this.#bar(topic, seq);
  }

  /** One who leaves the mesh leaves its topics. */
  leaveAll(member: MemberId, seq: number): void {
    for (const topic of this.#of.get(member) ?? []) topic.leave(member, seq);
    this.#of.delete(member);
  }

  /** The last removal from the topic or key of it up to `seq`; 0 when there is none. */
  barrierAt(topic: TopicId, seq: number): number {
    return this.#barriers.get(topic)?.findLast((place) => place <= seq) ?? 0;
  }

  #bar(topic: TopicId, seq: number): void {
    const places = this.#barriers.get(topic);
    if (places === undefined) this.#barriers.set(topic, [seq]);
    else places.push(seq);
  }
}
