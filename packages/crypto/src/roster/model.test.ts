import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MemberRole,
  MeshError,
  type RosterEntry,
  rosterBodies,
  TopicRole,
} from "@claudemesh/protocol";
import fc from "fast-check";
import {
  Chain,
  inviteBody,
  inviteId,
  memberIdIn,
  type Person,
  person,
  sessionIdOf,
  snapshot,
  topicId,
} from "./fixture.ts";
import { Model, type Step } from "./model.ts";
import { Roster } from "./roster.ts";

const by = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(5));
const role = fc.constantFrom(...MemberRole.options);
const small = fc.nat(5);
const anyInvite = fc.nat(7);
const topic = fc.nat(1);
const as = fc.constantFrom(...TopicRole.options);
const rare = fc.nat(7).map((n) => n === 0);
const own = <T extends { by: number }>(one: T) => ({ ...one, to: one.by });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    act: fc.constant("invite"),
    by,
    invite: anyInvite,
    role,
    uses: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ act: fc.constant("invite_revoke"), by, invite: anyInvite }),
  { weight: 4, arbitrary: fc.record({ act: fc.constant("join"), by: small, invite: anyInvite }) },
  fc.record({ act: fc.constant("leave"), by }),
  fc.record({ act: fc.constant("name"), by }),
  fc.record({ act: fc.constant("open"), by, open: fc.boolean() }),
  { weight: 3, arbitrary: fc.record({ act: fc.constant("role"), by, to: small, role }) },
  fc.record({ act: fc.constant("role"), by, to: small, role, right: fc.boolean() }),
  fc.record({ act: fc.constant("session"), by, session: fc.nat(1), old: fc.boolean() }),
  fc.record({ act: fc.constant("epoch"), by, skip: rare, old: rare }),
  fc.record({ act: fc.constant("rekey"), by, to: small, old: rare }),
  fc.record({ act: fc.constant("rekey"), by: small }).map(own),
  fc.record({ act: fc.constant("remove"), by, to: small, skip: rare }),
  { weight: 2, arbitrary: fc.record({ act: fc.constant("restore"), by, to: small }) },
  fc.record({ act: fc.constant("topic_add"), by: small, topic, as: fc.constant("lead") }).map(own),
  { weight: 4, arbitrary: fc.record({ act: fc.constant("topic_add"), by, to: small, topic, as }) },
  fc.record({ act: fc.constant("topic_remove"), by, to: small, topic }),
  fc.record({ act: fc.constant("topic_remove"), by: small, topic }).map(own),
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant("topic_key"), by: small, topic, skip: rare }),
  },
) as fc.Arbitrary<Step>;

const people = new Map<number, Person>();

/** Person `n` with the keys of one generation. */
function personOf(n: number, generation: number): Person {
  const number = n + 100 * generation;
  const known = people.get(number) ?? person(number);
  people.set(number, known);
  return known;
}

/** How often the person's keys were replaced in the chain. */
function generationOf({ roster }: Chain, n: number): number {
  const key = roster.memberByKey(personOf(n, 0).keys.sign)?.keys.sign;
  for (let generation = 0; key !== undefined; generation += 1) {
    if (personOf(n, generation).keys.sign === key) return generation;
  }
  return 0;
}

function entryFor(chain: Chain, { ...step }: Step): RosterEntry {
  const generation = generationOf(chain, step.by);
  const who = personOf(step.by, step.old ? 0 : generation);
  const epoch = () => {
    const next = chain.epoch();
    return "skip" in step && step.skip ? { ...next, number: next.number + 1 } : next;
  };
  const idOf = (n: number) =>
    chain.roster.memberByKey(person(n).keys.sign)?.id ?? (`mbr_${"0".repeat(64)}` as never);
  switch (step.act) {
    case "epoch":
      return chain.next(who, "epoch", epoch());
    case "rekey": {
      const to = personOf(step.to, generationOf(chain, step.to) + 1);
      return chain.nextRekeyOf(who, idOf(step.to), to);
    }
    case "remove":
      return chain.next(who, "remove", { member: idOf(step.to), epoch: epoch() });
    case "restore":
      return chain.next(who, "restore", { member: idOf(step.to) });
    case "topic_add": {
      const topic = topicId(step.topic);
      return chain.next(who, "topic_add", { topic, member: idOf(step.to), role: step.as });
    }
    case "topic_key": {
      const body = chain.topicKey(step.topic);
      const version = body.version + Number(step.skip);
      return chain.next(who, "topic_key", { ...body, version });
    }
    case "topic_remove":
      return chain.next(who, "topic_remove", { topic: topicId(step.topic), member: idOf(step.to) });
    case "invite":
      return chain.next(who, "invite", inviteBody(step.invite, step.role, step.uses));
    case "invite_revoke":
      return chain.next(who, "invite_revoke", { invite: inviteId(step.invite) });
    case "join":
      return chain.nextJoin(who, step.invite);
    case "leave":
      return chain.next(who, "remove", { member: idOf(step.by) });
    case "name":
      return chain.next(who, "policy", { name: "renamed" });
    case "open":
      return chain.next(who, "policy", { whoMayInvite: step.open ? "members" : "admins" });
    case "role": {
      const permissions = step.right === undefined ? {} : { permissions: { invite: step.right } };
      return chain.next(who, "role", { member: idOf(step.to), role: step.role, ...permissions });
    }
    case "session":
      return chain.next(who, "session_revoke", { session: sessionIdOf(step.session) });
  }
}

function accepts(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof MeshError) return false;
    throw error;
  }
}

/** What roster and model should agree on, in the model's terms. */
const factsOf = ({ roster }: Chain) => ({
  members: Array.from({ length: 6 }, (_, n) => roster.memberByKey(person(n).keys.sign)).map(
    (member) => member && [member.role, member.removedSeq === undefined, member.permissions.invite],
  ),
  invites: [...roster.invites.values()].map((one) => [one.id, one.used, one.void, one.revoked]),
  keys: [roster.epochs.length, roster.isEpochDue],
  topics: [...roster.topics.values()].map(({ id, isKeyDue, members, version }) => [
    id,
    version,
    isKeyDue,
    [...members].sort(([a], [b]) => (a < b ? -1 : 1)),
  ]),
});

const factsOfModel = (model: Model, { roster }: Chain) => ({
  members: Array.from({ length: 6 }, (_, n) => model.members.find((one) => one.person === n)).map(
    (member) => member && [member.role, member.in, member.right],
  ),
  invites: model.invites.map((one) => [inviteId(one.invite), one.used, one.over, one.revoked]),
  keys: [model.epochs, model.due],
  topics: model.topics.list.map(({ due, inside, topic, version }) => [
    topicId(topic),
    version,
    due,
    inside
      .map((one) => [memberIdIn(roster, personOf(one.person, 0).keys.sign), one.as] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ]),
});

/** Two admins and two members, so that random acts meet someone. */
const crowd: readonly Step[] = [
  { act: "invite", by: 0, invite: 0, role: "admin", uses: 3 },
  { act: "invite", by: 0, invite: 1, role: "member", uses: 3 },
  { act: "join", by: 1, invite: 0 },
  { act: "join", by: 2, invite: 0 },
  { act: "join", by: 3, invite: 1 },
  { act: "join", by: 4, invite: 1 },
];
/** The same crowd after every kind of act, with a topic, and one member removed. */
const eventful: readonly Step[] = [
  ...crowd,
  { act: "topic_add", by: 0, topic: 0, to: 0, as: "lead" },
  { act: "topic_add", by: 0, topic: 0, to: 3, as: "member" },
  { act: "topic_key", by: 0, topic: 0, skip: false },
  { act: "topic_remove", by: 3, topic: 0, to: 3 },
  { act: "epoch", by: 1, skip: false },
  { act: "rekey", by: 3, to: 3 },
  { act: "remove", by: 1, to: 4, skip: false },
  { act: "restore", by: 0, to: 4 },
  { act: "remove", by: 0, to: 3, skip: false },
];
const history = fc
  .tuple(fc.constantFrom([], crowd, eventful), fc.array(step, { minLength: 10, maxLength: 40 }))
  .map(([before, steps]) => [...before, ...steps]);

test("any history is accepted and refused as the naive model says", () => {
  const seen = { accepted: 0, refused: 0 };
  const types = new Set<string>();
  const property = fc.property(history, (steps) => {
    const chain = new Chain();
    const model = new Model();
    for (const step of steps) {
      const entry = entryFor(chain, step);
      const before = snapshot(chain.roster);
      const accepted = accepts(() => chain.roster.check(entry));
      assert.deepEqual(snapshot(chain.roster), before, "check changed the roster");
      assert.equal(accepted, model.try(step), JSON.stringify(step));
      seen[accepted ? "accepted" : "refused"] += 1;
      if (!accepted) continue;
      types.add(entry.type);
      chain.roster.apply(entry);
      chain.entries.push(entry);
      assert.deepEqual(factsOf(chain), factsOfModel(model, chain));
    }
    const [genesis, ...rest] = chain.entries;
    assert.ok(genesis);
    const again = Roster.fromGenesis(genesis);
    again.append(JSON.parse(JSON.stringify(rest)));
    assert.deepEqual(snapshot(again), snapshot(chain.roster));
  });
  fc.assert(property, { numRuns: 80 });
  assert.ok(seen.accepted > 200 && seen.refused > 200, JSON.stringify(seen));
  const others = Object.keys(rosterBodies).filter((type) => type !== "genesis");
  assert.deepEqual([...types].sort(), others, "some type was never accepted");
});
