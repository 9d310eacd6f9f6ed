import assert from "node:assert/strict";
import { test } from "node:test";
import { type MemberId, MeshError, type RosterEntry } from "@claudemesh/protocol";
import fc from "fast-check";
import { bundleRecipients } from "../key-bundle.ts";
import { Chain, type Person, person, sessionIdOf, snapshot, topicId } from "./fixture.ts";
import { Roster } from "./roster.ts";

const acts = [
  "epoch",
  "remove",
  "leave",
  "restore",
  "role",
  "rekey",
  "session",
  "topic add",
  "topic remove",
  "topic key",
] as const;
const roles = ["admin", "member", "guest", "owner"] as const;
const step = fc.record({
  act: fc.constantFrom(...acts),
  by: fc.oneof(fc.constant(0), fc.nat(3)),
  to: fc.nat(3),
  // Who signs something else for the same place at the same time.
  rival: fc.option(fc.nat(3), { freq: 3 }),
});
const course = fc.record({
  steps: fc.array(step, { minLength: 10, maxLength: 30 }),
  chunks: fc.array(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 }), {
    minLength: 3,
    maxLength: 3,
  }),
});

/** A chain with what is naively known of who has to be given its keys. */
class World {
  readonly chain = new Chain();
  /** by number; a rekey puts another in the place */
  readonly people: Person[] = [0, 1, 2, 3].map(person);
  readonly inMesh = new Set<MemberId>();
  readonly inTopic = new Set<MemberId>();
  readonly ids: MemberId[] = [];
  /** entries that lost their place to another, by that place */
  readonly losers = new Map<number, RosterEntry>();
  /** what the roster says at each head */
  readonly at = new Map<string, string>();
  #drawn = 10;

  constructor() {
    const { chain, people } = this;
    const [ann, bob] = people as [Person, Person];
    chain.invite(ann, 1, "member", 3);
    for (const one of people.slice(1)) chain.join(one, 1);
    chain.topicAdd(bob, 1, bob, "lead");
    for (const one of people) this.ids.push(chain.idOf(one));
    for (const id of this.ids) this.inMesh.add(id);
    this.inTopic.add(this.ids[1] as MemberId);
    this.note();
  }

  note(): void {
    const { roster } = this.chain;
    this.at.set(roster.head.hash, JSON.stringify(snapshot(roster)));
  }

  /** What somebody would append now, whether they may or not. */
  entry(act: (typeof acts)[number], by: number, to: number): RosterEntry {
    const { chain, ids, people } = this;
    const author = people[by] as Person;
    const member = ids[to] as MemberId;
    const topic = topicId(1);
    switch (act) {
      case "epoch":
        return chain.next(author, "epoch", chain.epoch());
      case "remove":
        return chain.next(author, "remove", { member, epoch: chain.epoch() });
      case "leave":
        // Only one of them ever leaves, so that a mesh is left.
        return chain.next(people[3] as Person, "remove", { member: ids[3] as MemberId });
      case "restore": {
        const gone = ids.find((id) => !this.inMesh.has(id));
        return chain.next(people[0] as Person, "restore", { member: gone ?? member });
      }
      case "role":
        return chain.next(author, "role", { member, role: roles[(by + to) % 4] ?? "guest" });
      case "rekey":
        return chain.nextRekeyOf(author, member, person(this.#drawn++));
      case "session":
        return chain.next(author, "session_revoke", { session: sessionIdOf(this.#drawn++) });
      case "topic add":
        return chain.next(author, "topic_add", { topic, member, role: "member" });
      case "topic remove":
        return chain.next(author, "topic_remove", { topic, member });
      case "topic key":
        return chain.next(people[1] as Person, "topic_key", chain.topicKey(1));
    }
  }

  /** Appends what the chain takes, and answers whether it did; who must be given a key that begins is compared with what is naively known. */
  append(entry: RosterEntry): boolean {
    const { chain } = this;
    try {
      chain.roster.check(entry);
    } catch (error) {
      assert.ok(error instanceof MeshError);
      return false;
    }
    const given = bundleRecipients(chain.roster, entry);
    chain.roster.apply(entry);
    chain.entries.push(entry);
    this.#naively(entry);
    const begins = ["epoch", "rekey", "topic_key"].includes(entry.type) || "epoch" in entry.body;
    assert.equal(given.length > 0, begins);
    if (begins) {
      const wanted = entry.type === "topic_key" ? this.inTopic : this.inMesh;
      assert.deepEqual([...given].sort(), [...wanted].sort(), entry.type);
    }
    this.note();
    return true;
  }

  #naively(entry: RosterEntry): void {
    if (entry.type === "remove") {
      this.inMesh.delete(entry.body.member);
      this.inTopic.delete(entry.body.member);
    }
    if (entry.type === "restore") this.inMesh.add(entry.body.member);
    if (entry.type === "topic_add") this.inTopic.add(entry.body.member);
    if (entry.type === "topic_remove") this.inTopic.delete(entry.body.member);
    if (entry.type === "rekey") {
      const nth = this.ids.indexOf(entry.body.member);
      const fresh = Array.from({ length: this.#drawn }, (_, n) => person(n));
      const held = fresh.find(({ keys }) => keys.sign === entry.body.keys.sign);
      if (held !== undefined) this.people[nth] = held;
    }
  }
}

/** Takes the chain in chunks, some of which begin with what is known already; what lost its place is offered before each chunk, and changes nothing. */
function follow(world: World, chunks: readonly number[]): string {
  const { entries, roster: whole } = world.chain;
  const [genesis, ...rest] = entries as [RosterEntry, ...RosterEntry[]];
  const view = Roster.fromGenesis(genesis, whole.mesh);
  for (let at = 0, n = 0; at < rest.length; n++) {
    const size = chunks[n % chunks.length] ?? 1;
    const before = JSON.stringify(snapshot(view));
    const loser = world.losers.get(view.head.seq);
    if (loser !== undefined) assert.throws(() => view.apply(loser), MeshError);
    assert.equal(JSON.stringify(snapshot(view)), before);
    view.append(rest.slice(at, at + size));
    at += size;
    const known = world.at.get(view.head.hash);
    if (known !== undefined) assert.equal(JSON.stringify(snapshot(view)), known);
  }
  return JSON.stringify(snapshot(view));
}

test("whoever follows a chain, in whatever pieces, sees the same at the same head; and each key that begins is for those who are in, and nobody else", () => {
  const done = new Map<string, number>();
  let conflicts = 0;
  const property = fc.property(course, ({ steps, chunks }) => {
    const world = new World();
    for (const { act, by, to, rival } of steps) {
      const entry = world.entry(act, by, to);
      const other = rival === null ? undefined : world.entry("session", rival, rival);
      const place = world.chain.roster.head.seq;
      if (!world.append(entry)) continue;
      done.set(act, (done.get(act) ?? 0) + 1);
      if (other === undefined) continue;
      assert.equal(world.append(other), false, "a place is taken once");
      world.losers.set(place + 1, other);
      conflicts += 1;
    }
    const views = chunks.map((sizes) => follow(world, sizes));
    const own = JSON.stringify(snapshot(world.chain.roster));
    for (const view of views) assert.equal(view, own);
  });
  fc.assert(property, { numRuns: 30 });
  assert.deepEqual([...done.keys()].sort(), [...acts].sort(), "every act was done by somebody");
  assert.ok(conflicts > 20, `${conflicts} conflicts`);
});
