import type { Envelope, EnvelopeHeader, Hash, MemberId, MessageBody } from "@claudemesh/protocol";
import { createMeshKey, keyCommitment } from "../commitment.ts";
import { KeyRing } from "../key-ring.ts";
import { Opener } from "../opener.ts";
import type { SharedReceiver } from "../receive.ts";
import { Chain, type Person, person, seedOf, topicId } from "../roster/fixture.ts";
import { sealShared } from "../shared.ts";
import { memberOf, messageId, moment } from "./fixtures.ts";
import { seededRandom } from "./seeded-random.ts";

/** A repeatable mesh or topic key. */
export const keyOf = (label: string): string => createMeshKey(seededRandom(`room/${label}`));

export const [ann, bob, cyd, dan] = [0, 1, 2, 3].map(person) as [Person, Person, Person, Person];
const numbers = new Map([ann, bob, cyd, dan].map((one, n) => [one, n]));
export const openerOf = (who: Person): Opener => new Opener(seedOf(numbers.get(who) ?? 0));
export const text = { text: "to the room" };

/** A mesh with real keys: ann owns it, bob, cyd and dan are members; epoch 1 is the newest; bob leads private topic 1 where cyd is too and dan observes. */
export class Room {
  readonly chain = new Chain(ann, "room", keyCommitment("", keyOf("epoch 0")));
  readonly keys: string[] = [keyOf("epoch 0")];
  readonly topicKeys: string[] = [];

  constructor() {
    const { chain } = this;
    chain.invite(ann, 1, "member", 3);
    for (const one of [bob, cyd, dan]) chain.join(one, 1);
    chain.add(ann, "epoch", this.nextEpoch());
    chain.topicAdd(bob, 1, bob, "lead");
    chain.topicAdd(bob, 1, cyd, "member");
    chain.topicAdd(bob, 1, dan, "observer");
    chain.add(bob, "topic_key", this.nextTopicKey());
  }

  get roster() {
    return this.chain.roster;
  }

  id(who: Person): MemberId {
    return this.chain.idOf(who);
  }

  /** Draws the key of the next epoch. */
  nextEpoch(): { number: number; commitment: Hash } {
    const number = this.keys.length;
    const key = keyOf(`epoch ${number}`);
    this.keys.push(key);
    return { number, commitment: keyCommitment(this.roster.mesh, key) };
  }

  nextTopicKey() {
    const version = this.topicKeys.length + 1;
    const key = keyOf(`topic ${version}`);
    this.topicKeys.push(key);
    const commitment = keyCommitment(this.roster.mesh, key);
    return { topic: topicId(1), version, commitment };
  }

  /** Every key of the mesh, those of the topic only if asked. */
  ring(withTopic = true): KeyRing {
    const ring = KeyRing.of(
      this.roster,
      this.keys.map((key, epoch) => ({ epoch, key })),
    );
    if (!withTopic) return ring;
    for (const [n, key] of this.topicKeys.entries()) {
      ring.add({ topic: topicId(1), version: n + 1, key }, this.roster);
    }
    return ring;
  }

  header(from: Person, change: Partial<EnvelopeHeader> = {}): EnvelopeHeader {
    const { head, mesh } = this.roster;
    return {
      ...{ v: 1, id: messageId("room"), mesh, priority: "next", contentType: "application/json" },
      ...{ from: { member: this.id(from), device: memberOf("room").device }, n: 1, head },
      ...{ to: "*" as EnvelopeHeader["to"], kind: "broadcast", createdAt: moment },
      keyVersion: this.roster.epochs.length - 1,
      ...change,
    };
  }

  topicHeader(from: Person, change: Partial<EnvelopeHeader> = {}): EnvelopeHeader {
    const to = `t:${topicId(1)}` as EnvelopeHeader["to"];
    const keyVersion = this.roster.topics.get(topicId(1))?.version ?? 0;
    return this.header(from, { to, kind: "private_topic", keyVersion, ...change });
  }

  send(from: Person, header = this.header(from), body: MessageBody = text): Envelope {
    const random = seededRandom("room/nonce");
    return sealShared({ header, body, ring: this.ring(), signer: from.signer, random });
  }

  receiver(who: Person, change: Partial<SharedReceiver> = {}): SharedReceiver {
    const self = { mesh: this.roster.mesh, member: this.id(who) };
    return { roster: this.roster, self, opener: openerOf(who), ring: this.ring(), ...change };
  }
}
